using Agent.Probing.Files;
using Agent.Probing.Files.Volumes;

namespace Agent.Tests.Probing.Files.Volumes;

/// <summary>Looks as the service takes them.</summary>
static class Looks
{
    internal static RecorderLook At(FilesProbe probe, TimeProvider time, StorageOptions? options = null, VolumeMemory? memory = null, int filesPerSecond = 0)
    {
        options ??= new StorageOptions();
        var threads = new ReadingThreads(time);
        return new RecorderLook(probe, new VolumeWatch(threads, memory ?? new VolumeMemory(null), options, time), threads, options, time, filesPerSecond);
    }
}
