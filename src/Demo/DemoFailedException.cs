namespace Demo;

/// <summary>The demo cannot go on; the message says what was expected and did not come.</summary>
internal sealed class DemoFailedException(string message) : Exception(message);
