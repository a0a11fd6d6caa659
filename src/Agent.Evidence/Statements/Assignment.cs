namespace Agent.Evidence.Statements;

/// <summary>Who says which policy binds a camera.</summary>
public enum Assignment
{
    /// <summary>The site declares it in its configuration.</summary>
    Declared,

    /// <summary>The authority signed it.</summary>
    Signed,
}
