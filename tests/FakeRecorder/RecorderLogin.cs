namespace FakeRecorder;

/// <summary>The one account of a recorder.</summary>
public sealed record RecorderLogin(string User, string Password);
