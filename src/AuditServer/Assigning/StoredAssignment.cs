namespace AuditServer.Assigning;

/// <summary>How many days an officer assigned to a camera.</summary>
/// <param name="Id">In the order of assigning.</param>
/// <param name="Site">The site.</param>
/// <param name="Camera">The camera's code.</param>
/// <param name="Days">The days that bind it.</param>
/// <param name="AssignedAt">When.</param>
sealed record StoredAssignment(long Id, string Site, string Camera, int Days, DateTimeOffset AssignedAt)
{
    /// <summary>The id under which agents are asked: the same however often.</summary>
    public string Ask => $"s-{Id}";
}
