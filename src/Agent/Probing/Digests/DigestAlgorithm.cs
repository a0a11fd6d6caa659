namespace Agent.Probing.Digests;

/// <summary>How a digest is computed: RFC 7616, 3.3, as far as recorders use it.</summary>
internal enum DigestAlgorithm
{
    Md5,
    Md5Session,
    Sha256,
    Sha256Session,
}
