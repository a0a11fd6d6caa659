using System.Security.Cryptography;
using System.Text;
using Agent.Evidence.Statements;

namespace Agent.Tests.Evidence.Statements;

/// <summary>Requests to be taken in, to check or to break.</summary>
static class TestEnrolments
{
    public static EnrolmentCode Code { get; } = EnrolmentCode.FromRandom([.. Enumerable.Range(1, EnrolmentCode.RandomBytes).Select(i => (byte)i)]);

    public static Enrolment Of(ECDsa? key = null, EnrolmentCode? code = null)
    {
        using var usual = TestKeys.Agent();
        return new Enrolment
        {
            Code = (code ?? Code).Id,
            Site = "HZ-0001",
            Agent = "HZ-0001-a",
            Epoch = new Guid("0b6c7a1e-4f0d-4c1b-9a53-5d2e8f7a6c01"),
            Seq = 0,
            Key = Jwk.FromKey(key ?? usual),
            Recorders = [new EnrolledRecorder("r-5f60718293", "s-00112233445566778899aabbccddeeff"), new EnrolledRecorder("r-0000000002", null)],
        };
    }

    public static byte[] Post(Enrolment enrolment, EnrolmentCode? code = null, ECDsa? key = null)
    {
        using var usual = TestKeys.Agent();
        return EnrolmentCodec.Encode(enrolment, (code ?? Code).ProofKey(), (bytes, type) => Jws.Sign(bytes, type, key ?? usual));
    }

    public static byte[] Posted(string jws) => Encoding.ASCII.GetBytes($$"""{"enrolment":"{{jws}}"}""");

    public static EnrolmentAnswer Answer()
    {
        using var server = TestKeys.Server();
        using var encryption = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return new EnrolmentAnswer
        {
            Server = "市公安局 audit",
            Site = "HZ-0001",
            Agent = "HZ-0001-a",
            Kid = Of().Key.Thumbprint,
            Keys = [Jwk.FromKey(server)],
            Encryption = EncryptionJwk.FromKey(encryption),
        };
    }
}
