using Agent.Evidence.Statements;

namespace Demo;

/// <summary>What a truthful agent and an attentive audit server must have said about the made-up site.</summary>
internal static class Expectation
{
    /// <summary>Everything that is not as expected, in words; empty when all is.</summary>
    public static IEnumerable<string> Differences(SiteAnswer answer)
    {
        foreach (var camera in MadeUpCamera.All)
            if (answer.VerdictOf(camera) is var verdict && verdict != camera.Expected)
                yield return $"{camera.Name} ({camera.Story}) should be {camera.Expected} and is {verdict?.ToString() ?? "not mentioned"}";
        if (answer.Receipt.Judged != ServerJudgement.Agrees)
            yield return $"the audit server, judging again, should agree: {AnswerText.Words(answer.Receipt.Judged)}";
        foreach (var finding in answer.Receipt.Findings)
            yield return $"the audit server noticed {finding.Code}: {finding.Message}";
    }
}
