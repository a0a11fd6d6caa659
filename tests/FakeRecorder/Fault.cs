namespace FakeRecorder;

/// <summary>What is wrong with a recorder, or what it does to whoever asks it.</summary>
public enum Fault
{
    Stall,
}
