namespace Agent.Probing.Files.Volumes;

/// <summary>What is remembered of the volume a recorder's footage lies on.</summary>
/// <param name="Path">The recorder's folder; where that is another now, nothing is remembered of it.</param>
/// <param name="Point">Where it was mounted.</param>
/// <param name="FileSystem">Its kind of file system.</param>
/// <param name="Identity">Which it was; see <see cref="VolumeIdentity"/>.</param>
/// <param name="Since">When it took the place of another; null when it was there from the beginning.</param>
internal sealed record KeptVolume(string Path, string Point, string FileSystem, string Identity, DateTimeOffset? Since);
