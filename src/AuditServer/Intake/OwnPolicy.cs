using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Agent.Evidence.Statements;
using Agent.Evidence.Verdicts;

namespace AuditServer.Intake;

/// <summary>
/// What this server asks of cameras, whatever the agents say that binds them:
/// <c>{"dailyLossSeconds":1800,"weeklyLossSeconds":7200,"sites":{"HZ-0001":{"requiredDays":15,"cameras":{"c-1":30}}}}</c>.
/// Everything may be absent, and what is absent is taken as the agent claims it.
/// </summary>
sealed record OwnPolicy
{
    const int MostDays = 400;
    const int MostSeconds = 7 * 86400;

    static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
    };

    [Range(0, MostSeconds)]
    public double? DailyLossSeconds { get; init; }

    [Range(0, MostSeconds)]
    public double? WeeklyLossSeconds { get; init; }

    public IReadOnlyDictionary<string, SitePolicy> Sites { get; init; } = new Dictionary<string, SitePolicy>();

    /// <exception cref="FormatException">The file is not such a policy.</exception>
    public static OwnPolicy Read(string file)
    {
        try
        {
            var policy = JsonSerializer.Deserialize<OwnPolicy>(File.ReadAllBytes(file), Strict) ?? throw new FormatException($"{file} holds nothing.");
            Validator.ValidateObject(policy, new ValidationContext(policy), validateAllProperties: true);
            return policy.Sites.Values.SelectMany(site => site.Cameras.Values.Append(site.RequiredDays ?? 1)).All(days => days is >= 1 and <= MostDays)
                ? policy
                : throw new FormatException($"{file}: required days are whole numbers from 1 to {MostDays}.");
        }
        catch (Exception e) when (e is JsonException or ValidationException or IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"The policy {file} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Judges the cameras of a heartbeat whose evidence was found fit to be judged.</summary>
    /// <param name="heartbeat">The heartbeat.</param>
    /// <param name="site">The site its agent is pinned for.</param>
    /// <param name="claimsHold">Whether judging by the claimed policy came to the claimed verdicts, so that those need not be judged again.</param>
    public IReadOnlyList<OwnVerdict> Judge(Heartbeat heartbeat, string site, bool claimsHold)
    {
        var calendar = new SiteCalendar(TimeZoneInfo.FindSystemTimeZoneById(heartbeat.TimeZone));
        return [.. heartbeat.Cameras.Select(camera => Judge(camera, Asked(camera, site), calendar, claimsHold))];
    }

    static OwnVerdict Judge(CameraStatement camera, RetentionPolicy asked, SiteCalendar calendar, bool claimsHold)
    {
        var claimed = VerdictFor(camera.Claimed, camera.Policy.RequiredDays);
        var own = asked == camera.Policy && claimsHold
            ? claimed
            : camera.Timeline.Window.Length < TimeSpan.FromDays(asked.RequiredDays)
                ? Verdict.Undetermined // the evidence does not reach back so far
                : VerdictFor(camera.Judge(calendar, asked), asked.RequiredDays);
        return new OwnVerdict(camera.Label.Camera, Word(camera.Label.Kind), camera.Policy.RequiredDays, Word(claimed), asked.RequiredDays, Word(own));
    }

    RetentionPolicy Asked(CameraStatement camera, string site)
    {
        var own = Sites.GetValueOrDefault(site);
        var days = own is null ? null : own.Cameras.TryGetValue(camera.Label.Camera, out var ofCamera) ? ofCamera : own.RequiredDays;
        return days is null && DailyLossSeconds is null && WeeklyLossSeconds is null
            ? camera.Policy
            : camera.Policy with
            {
                RequiredDays = days ?? camera.Policy.RequiredDays,
                DailyLoss = DailyLossSeconds is { } daily ? TimeSpan.FromSeconds(daily) : camera.Policy.DailyLoss,
                WeeklyLoss = WeeklyLossSeconds is { } weekly ? TimeSpan.FromSeconds(weekly) : camera.Policy.WeeklyLoss,
            };
    }

    static Verdict VerdictFor(CameraClaim claim, int days) => claim.Thresholds.First(threshold => threshold.Days == days).Verdict;

    static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
