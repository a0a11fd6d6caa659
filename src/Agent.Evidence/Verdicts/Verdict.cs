namespace Agent.Evidence.Verdicts;

/// <summary>The answer for one camera and one number of days, best first: the greater value is the worse answer.</summary>
public enum Verdict
{
    /// <summary>Kept and unbroken within the loss budget.</summary>
    Met,

    /// <summary>Everything kept so far; the camera is younger than the requirement.</summary>
    Maturing,

    /// <summary>Kept and running, with a hole beyond the daily budget and within the weekly one.</summary>
    Interrupted,

    /// <summary>We could not see enough to say.</summary>
    Undetermined,

    /// <summary>Not kept, or broken beyond the budgets.</summary>
    Breached,
}
