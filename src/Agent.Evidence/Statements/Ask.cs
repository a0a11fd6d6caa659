namespace Agent.Evidence.Statements;

/// <summary>
/// Something the audit server asks of an agent that it cannot reach: it stands in a receipt and so is signed. The agent answers with its
/// next request. See <see cref="AskCodec"/> for its bytes.
/// </summary>
/// <param name="Id">What the answer names; 1 to 128 characters of <c>A-Z a-z 0-9 . _ : @ -</c>.</param>
public abstract record Ask(string Id);
