namespace FakeRecorder.Searching;

/// <summary>Where a recorder says how far a search is.</summary>
public enum SearchStatePlace
{
    InResultList,
    BesideResultList,
    AsAttribute,
}
