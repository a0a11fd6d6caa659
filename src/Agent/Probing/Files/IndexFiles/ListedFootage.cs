using Agent.Evidence.Timelines;

namespace Agent.Probing.Files.IndexFiles;

/// <summary>One recording by a recorder's own index: that it is there is the index's word, not seen by us.</summary>
/// <param name="Camera">As the index names it.</param>
/// <param name="Range">What it covers; of an open one, up to what is known yet.</param>
/// <param name="Bytes">Its size; zero where the index does not tell.</param>
/// <param name="State">How much is known of it.</param>
internal readonly record struct ListedFootage(string Camera, TimeRange Range, long Bytes, ListedState State);
