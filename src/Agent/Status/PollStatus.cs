namespace Agent.Status;

/// <summary>Where the audit server may ask.</summary>
/// <param name="Address">What is listened on; null while it is not.</param>
/// <param name="CertificateSha256">What an asker pins.</param>
internal sealed record PollStatus(Uri? Address, string CertificateSha256);
