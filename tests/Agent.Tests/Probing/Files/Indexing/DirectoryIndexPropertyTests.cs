using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Indexing;

/// <summary>Whatever is done to the tree between two looks: a look that reads only what changed tells what one tells that reads all.</summary>
internal sealed class DirectoryIndexPropertyTests
{
    const int Histories = 24;
    const int Rounds = 12;

    static readonly string[] Cameras = ["front", "back/yard", "gate"];

    [Test]
    [Platform(Exclude = "Win", Reason = "sources are made by ffmpeg")]
    public void A_look_with_an_index_tells_what_a_look_without_one_tells([Range(0, Histories - 1)] int seed)
    {
        using var history = new History(seed);
        for (var round = 0; round < Rounds; round++)
            history.Round();
    }

    sealed class History(int seed) : IDisposable
    {
        readonly Random _random = new(seed);
        readonly IndexedTree _tree = new("%Y-%m-%d/%H-%M-%S");
        readonly List<string> _done = [];

        bool _changedInPlace;

        public void Round()
        {
            _changedInPlace = false;
            for (var i = _random.Next(5); i >= 0; i--)
                Change();
            // What was changed behind the recorder's back is seen when every file is held against its record, within a day.
            var time = _changedInPlace || _random.Next(6) == 0 ? TimeSpan.FromHours(25) : TimeSpan.FromMinutes(_random.Next(1, 12));
            _done.Add($"{time:g} pass");
            _tree.Pass(time);
            var fresh = IndexedTree.Told(_tree.LookFresh());
            Assert.That(IndexedTree.Told(_tree.Look()), Is.EqualTo(fresh), $"after {string.Join(", ", _done)}");
        }

        public void Dispose() => _tree.Dispose();

        void Change()
        {
            var what = _random.Next(13);
            var files = Directory.EnumerateFiles(_tree.Tree.Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
            var file = files.Count == 0 ? null : files[_random.Next(files.Count)];
            _done.Add($"{what} {file?[(_tree.Tree.Root.Length + 1)..]}");
            switch (what)
            {
                case <= 4:
                    Add();
                    break;
                case 5 when file is not null:
                    File.Delete(file);
                    break;
                case 6 when file is not null: // written to, finished or torn
                    File.Copy(Source(), file, overwrite: true);
                    File.SetLastWriteTimeUtc(file, Written());
                    _changedInPlace = true;
                    break;
                case 7 when file is not null: // recycled: nothing but the times that nobody sets tells
                    var written = File.GetLastWriteTimeUtc(file);
                    File.WriteAllBytes(file, new byte[new FileInfo(file).Length]);
                    File.SetLastWriteTimeUtc(file, written);
                    _changedInPlace = true;
                    break;
                case 8 when file is not null:
                    Move(file, Path.Combine(_tree.Tree.Root, Camera(), Path.GetFileName(Path.GetDirectoryName(file)!), Path.GetFileName(file)));
                    break;
                case 9:
                    Rename();
                    break;
                case 10:
                    _tree.Restart();
                    break;
                case 11:
                    _tree.Restart(CutRows);
                    break;
                case 12:
                    _tree.Restart(Scribble);
                    break;
                default:
                    break;
            }
        }

        void Add()
        {
            // Begun within the last hour: what is older and was not there before has appeared late, which only an index can know.
            var start = _tree.Time.GetUtcNow().AddSeconds(-_random.Next(-400, 3000));
            var path = Path.Combine(Camera(), $"{start:yyyy-MM-dd}", $"{start:HH-mm-ss}{(_random.Next(12) == 0 ? " (1)" : "")}.mp4");
            if (!File.Exists(Path.Combine(_tree.Tree.Root, path)))
                _tree.Tree.Put(path, Source(), Written());
        }

        void Rename()
        {
            var folders = Directory.EnumerateDirectories(_tree.Tree.Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
            if (folders.Count == 0)
                return;
            var folder = folders[_random.Next(folders.Count)];
            if (_random.Next(3) == 0)
                Directory.Delete(folder, recursive: true);
            else
                Directory.Move(folder, $"{folder}{_random.Next(10)}");
        }

        void CutRows(string index)
        {
            try
            {
                IndexedTree.Sql(index, $"UPDATE folder SET content = substr(content, 1, {_random.Next(1, 200)}) WHERE rowid % 3 = {_random.Next(3)}");
            }
            catch (SqliteException)
            {
                // It is damaged already.
            }
        }

        void Scribble(string index)
        {
            using var file = File.OpenWrite(index);
            file.Position = _random.Next((int)file.Length);
            file.Write(new byte[_random.Next(1, 5000)]);
        }

        static void Move(string from, string to)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            if (!File.Exists(to))
                File.Move(from, to);
        }

        string Camera() => Cameras[_random.Next(Cameras.Length)];

        DateTime Written() => _tree.Time.GetUtcNow().UtcDateTime.AddSeconds(-(_random.Next(3) == 0 ? _random.Next(280) : _random.Next(400, 4000)));

        string Source() => _random.Next(8) switch
        {
            0 => FootageTree.Truncated,
            1 => FootageTree.Unfinished,
            2 => SyntheticFootage.Write("empty.mp4", []),
            3 => SyntheticFootage.Write("junk.mp4", "no video"u8),
            _ => FootageTree.Whole,
        };
    }
}
