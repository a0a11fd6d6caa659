using Agent.Probing.Files.Containers;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Containers;

sealed class BoundedReaderTests
{
    readonly string path = SyntheticFootage.Write("bounded.bin", [.. Enumerable.Range(0, 10_000).Select(i => (byte)i)]);

    [TearDown]
    public void Delete_the_file() => File.Delete(path);

    [Test]
    public void Bytes_already_read_are_found_again_without_a_read()
    {
        using var file = File.OpenHandle(path);
        using var reader = new BoundedReader(file, 10_000, CancellationToken.None);

        var first = reader.Peek(0, 16).ToArray();
        var later = reader.Peek(4080, 16).ToArray();

        Assert.That(first[15], Is.EqualTo(15));
        Assert.That(later[0], Is.EqualTo(unchecked((byte)4080)));
        Assert.That(reader.Reads, Is.EqualTo(1));
    }

    [Test]
    public void Nothing_is_read_beyond_the_length_that_was_given()
    {
        using var file = File.OpenHandle(path);
        using var reader = new BoundedReader(file, 100, CancellationToken.None);

        Assert.That(reader.Peek(90, 50).Length, Is.EqualTo(10));
        Assert.That(reader.Peek(100, 1).Length, Is.Zero);
        Assert.That(reader.Peek(-1, 1).Length, Is.Zero);
        Assert.That(reader.Peek(long.MaxValue, 1).Length, Is.Zero);
    }

    [Test]
    public void A_file_that_became_shorter_ends_where_it_ends()
    {
        using var file = File.OpenHandle(path);
        using var reader = new BoundedReader(file, 1_000_000, CancellationToken.None);

        Assert.That(reader.Peek(9_990, 50).Length, Is.EqualTo(10));
        Assert.That(reader.Peek(500_000, 50).Length, Is.Zero);
    }

    [Test]
    public void Too_many_reads_end_in_a_refusal()
    {
        using var file = File.OpenHandle(path);
        using var reader = new BoundedReader(file, 10_000, CancellationToken.None) { ReadAhead = 1 };

        Assert.That(() => ReadForever(reader), Throws.TypeOf<InvalidDataException>().With.Message.Contains("too much work"));
        Assert.That(reader.Reads, Is.LessThanOrEqualTo(BoundedReader.MostReads));
        Assert.That(reader.BytesRead, Is.LessThanOrEqualTo(BoundedReader.MostBytes));
    }

    [Test]
    public void A_window_larger_than_any_element_is_refused_before_it_is_allocated()
    {
        using var file = File.OpenHandle(path);
        using var reader = new BoundedReader(file, long.MaxValue, CancellationToken.None);

        Assert.That(() => reader.Peek(0, int.MaxValue).Length, Throws.TypeOf<InvalidDataException>());
        Assert.That(reader.Reads, Is.Zero);
    }

    [Test]
    public void Cancellation_ends_the_reading()
    {
        using var file = File.OpenHandle(path);
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();

        Assert.That(() => ContainerReader.Read(file, 10_000, cancel.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    static void ReadForever(BoundedReader reader)
    {
        for (var offset = 0L; ; offset += 2)
            reader.Peek(offset % 10_000, 1);
    }
}
