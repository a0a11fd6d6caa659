namespace Agent.Probing.Onvif.Discovery;

/// <summary>A device on the network, with what it tells without a login.</summary>
/// <param name="Address">Where it can be asked, at the host that answered.</param>
/// <param name="Vendor">Its maker, printable; null when it did not say.</param>
/// <param name="Model">What it is, printable; null when it did not say.</param>
/// <param name="Profiles">Letters of the ONVIF profiles it says it conforms to.</param>
/// <param name="ClockOffset">Its clock − ours; null when it did not tell.</param>
/// <param name="SearchesRecordings">Whether it can be asked what it has recorded; null when it did not say.</param>
internal sealed record FoundRecorder(Uri Address, string? Vendor, string? Model, IReadOnlyList<string> Profiles, TimeSpan? ClockOffset, bool? SearchesRecordings);
