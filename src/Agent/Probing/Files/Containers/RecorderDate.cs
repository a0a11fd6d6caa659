namespace Agent.Probing.Files.Containers;

/// <summary>Dates that recorders pack into a few bits, which hold values no calendar has.</summary>
static class RecorderDate
{
    internal static DateTime? TryMake(int year, int month, int day, int hour, int minute, int second) =>
        year is >= 1970 and <= 2255 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            && hour < 24 && minute < 60 && second < 60
                ? new DateTime(year, month, day, hour, minute, second, DateTimeKind.Unspecified)
                : null;
}
