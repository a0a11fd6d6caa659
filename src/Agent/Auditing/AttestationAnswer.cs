using Agent.Evidence.Statements;
using Agent.Ledger;
using Microsoft.AspNetCore.Http;

namespace Agent.Auditing;

/// <summary><c>GET /v1/attestation?nonce=</c>: where the agent stands, signed for this asker and this minute.</summary>
internal sealed class AttestationAnswer(Attest attest, AnsweredNonces nonces)
{
    public Task GetAsync(HttpContext context) =>
        context.Request.Query["nonce"] is not [{ } nonce] || !AttestationCodec.IsNonce(nonce) ? PollAnswer.RefuseAsync(context, PollRefusal.BadNonce)
        : !nonces.Take(nonce) ? PollAnswer.RefuseAsync(context, PollRefusal.ReplayedNonce)
        // Nothing in a JWS needs escaping.
        : PollAnswer.JsonAsync(context, $$"""{"attestation":"{{attest(nonce)}}"}""");
}
