using Agent.Tests.AuditServer;
using NUnit.Framework;

namespace Agent.Tests;

/// <summary>Which database a test class runs on; each class that concerns evidence runs on all of them.</summary>
public enum TestDatabase
{
    Sqlite,
    Postgres,
}

/// <summary>The PostgreSQL that all tests share: begun by the first that asks, ended after the last.</summary>
[SetUpFixture]
sealed class TestDatabases
{
    static readonly Lazy<PrivatePostgres> Cluster = new(() => PrivatePostgres.Start(PrivatePostgres.Binaries!));

    /// <summary>An empty database of a test's own; null for SQLite, whose file lies in the server's folder.</summary>
    public static string? Create(TestDatabase kind)
    {
        if (kind == TestDatabase.Sqlite)
            return null;
        if (PrivatePostgres.Binaries is null)
            Assert.Ignore("PostgreSQL is missing (Debian package postgresql): this was not tried on it");
        return Cluster.Value.CreateDatabase();
    }

    [OneTimeTearDown]
    public void End()
    {
        if (Cluster.IsValueCreated)
            Cluster.Value.Dispose();
    }
}
