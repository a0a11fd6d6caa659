using System.Security.Cryptography;
using AuditServer.Databases;
using AuditServer.Hosting;
using AuditServer.Keys;
using Microsoft.Data.Sqlite;
using Agent.Tests.Evidence.Chain;
using NUnit.Framework;

namespace Agent.Tests.AuditServer;

sealed class StartTests
{
    [Test]
    public void Options_have_their_documented_defaults()
    {
        var options = ServerOptions.Parse(["--data", "/srv/audit"]);

        Assert.That(options.Agents, Is.EqualTo(Path.Combine(options.Data, "agents")));
        Assert.That(options.Urls, Is.EqualTo("http://127.0.0.1:5080"));
        Assert.That(options.Name, Is.EqualTo("audit-server"));
    }

    [Test]
    public void The_database_is_named_without_a_password_or_in_a_file()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("database", "Host=db;Password=secret\n");

        Assert.That(ServerOptions.Parse(["--data", "a"]).Database, Is.Null);
        Assert.That(ServerOptions.Parse(["--data", "a", "--database", "Host=db"]).Database, Is.EqualTo("Host=db"));
        Assert.That(ServerOptions.Parse(["--data", "a", "--database-file", file]).Database, Is.EqualTo("Host=db;Password=secret"));
    }

    [TestCase("holds a password", "--data", "a", "--database", "Host=db;Password=secret")]
    [TestCase("holds a password", "--data", "a", "--database", "Host=db; pwd = secret")]
    [TestCase("no connection string", "--data", "a", "--database", "db")]
    [TestCase("two answers", "--data", "a", "--database", "Host=db", "--database-file", "b")]
    [TestCase("cannot be read", "--data", "a", "--database-file", "/nowhere/b")]
    [TestCase("whole number from 1 to", "--data", "a", "--tick", "0")]
    [TestCase("whole number from 1 to", "--data", "a", "--grace", "1.5")]
    [TestCase("cannot be used", "--data", "a", "--policy", "/nowhere/policy.json")]
    [TestCase("--data is missing")]
    [TestCase("--data needs a value", "--data")]
    [TestCase("--data needs a value", "--data", "")]
    [TestCase("--data is given twice", "--data", "a", "--data", "b")]
    [TestCase("Unknown option --date", "--date", "a")]
    [TestCase("Unknown option x", "x")]
    public void A_wrong_command_line_is_refused(string reason, params string[] arguments) =>
        Assert.That(() => ServerOptions.Parse(arguments), Throws.TypeOf<FormatException>().With.Message.Contains(reason));

    [TestCase("{\"requireddays\":7}")]
    [TestCase("{\"dailyLossSeconds\":-1}")]
    [TestCase("{\"sites\":{\"HZ-0001\":{\"requiredDays\":0}}}")]
    [TestCase("{\"sites\":{\"HZ-0001\":{\"cameras\":{\"c-1\":401}}}}")]
    [TestCase("{\"sites\":{\"HZ-0001\":7}}")]
    [TestCase("null")]
    public void A_policy_that_says_something_else_stops_the_start(string content)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("policy.json", content);

        Assert.That(() => ServerOptions.Parse(["--data", "a", "--policy", file]), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void The_receipt_key_is_made_once_and_only_its_owner_may_read_it()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "key.pem");
        using var made = ReceiptKey.LoadOrCreate(file);
        using var read = ReceiptKey.LoadOrCreate(file);

        Assert.That(read.Public, Is.EqualTo(made.Public));
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo(new[] { file }));
        Assert.That(File.ReadAllText(file), Does.StartWith("-----BEGIN PRIVATE KEY-----"));
        if (!OperatingSystem.IsWindows())
            Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void A_receipt_key_that_cannot_be_read_stops_the_start_and_is_not_replaced()
    {
        using var folder = new TemporaryFolder();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        foreach (var content in new[] { "", "garbage", other.ExportPkcs8PrivateKeyPem() })
        {
            var file = folder.Write("key.pem", content);
            Assert.That(() => ReceiptKey.LoadOrCreate(file), Throws.TypeOf<InvalidDataException>().With.Message.Contains("no P-256 private key"));
            Assert.That(File.ReadAllText(file), Is.EqualTo(content));
        }
    }

    [Test]
    public void A_public_key_is_no_receipt_key()
    {
        using var folder = new TemporaryFolder();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = folder.Write("key.pem", key.ExportSubjectPublicKeyInfoPem());

        Assert.That(() => ReceiptKey.LoadOrCreate(file), Throws.TypeOf<InvalidDataException>());
    }

    [Test]
    public void A_database_of_another_version_is_not_touched()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "evidence.db");
        using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        using var store = new SqliteStore(file);

        Assert.That(store.Prepare, Throws.TypeOf<InvalidDataException>().With.Message.Contains("version 99"));
    }

    [Test]
    public void A_postgres_of_another_version_or_one_that_does_not_write_through_is_not_used()
    {
        var connection = TestDatabases.Create(TestDatabase.Postgres)!;
        using (var careless = new PostgresStore($"{connection};Options=-c synchronous_commit=off"))
            Assert.That(careless.Prepare, Throws.TypeOf<InvalidDataException>().With.Message.Contains("synchronous_commit = off"));

        using var store = new PostgresStore(connection);
        store.Prepare();
        store.Prepare();
        using (var open = store.Open())
        using (var command = open.CreateCommand())
        {
            command.CommandText = "UPDATE schema_version SET version = 99";
            command.ExecuteNonQuery();
        }

        Assert.That(store.Prepare, Throws.TypeOf<InvalidDataException>().With.Message.Contains("version 99"));
    }

    [TestCase(TestDatabase.Sqlite)]
    [TestCase(TestDatabase.Postgres)]
    public async Task A_database_of_the_versions_before_goes_on(TestDatabase database)
    {
        foreach (var version in new[] { 2, 3 })
            await UpgradeAsync(database, version);
    }

    static async Task UpgradeAsync(TestDatabase database, int version)
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger();
        await server.Receipted(ledger, ledger.Heartbeat());
        server.Run("DROP TABLE assignments");
        server.Run("DROP INDEX findings_worse");
        if (version == 2)
            foreach (var sql in new[] { "DROP INDEX commitments_due", "ALTER TABLE commitments DROP COLUMN due", "ALTER TABLE commitments DROP COLUMN expires" })
                server.Run(sql);
        server.Run(database == TestDatabase.Sqlite ? $"PRAGMA user_version = {version}" : $"UPDATE schema_version SET version = {version}");

        await server.Restart();

        await server.Receipted(ledger, ledger.Tick());
        Assert.That(server.Query<long>("SELECT count(*) FROM commitments WHERE due IS NULL AND expires IS NULL"), Is.Zero);
        server.Run("INSERT INTO assignments (site, camera, days, assigned) VALUES ('HZ-0001', 'c-1', 15, '2026')");
        Assert.That(() => server.Run("DELETE FROM assignments"), Throws.InstanceOf<System.Data.Common.DbException>().With.Message.Contains("evidence is never removed"));
    }

    [Test]
    public async Task The_database_is_written_ahead_and_through()
    {
        await using var server = await RunningServer.Start(TestDatabase.Sqlite);

        Assert.That(server.Query<string>("PRAGMA journal_mode"), Is.EqualTo("wal"));
    }

    [TestCase("{")]
    [TestCase("[]")]
    [TestCase("{\"site\":\"HZ-0001\",\"agent\":\"HZ-0001-a\"}")]
    [TestCase("{\"site\":\"HZ-0001\",\"agent\":\"HZ-0001-a\",\"key\":{}}")]
    [TestCase("{\"site\":\"\",\"agent\":\"HZ-0001-a\",\"key\":KEY}")]
    [TestCase("{\"site\":\"HZ-0001\",\"agent\":7,\"key\":KEY}")]
    [TestCase("{\"site\":\"HZ-0001\",\"agent\":\"HZ-0001-a\",\"key\":KEY,\"revoke\":true}")]
    [TestCase("{\"site\":\"HZ-0001\",\"agent\":\"HZ-0001-a\",\"key\":KEY,\"revoked\":\"true\"}")]
    [TestCase("{\"site\":\"HZ-0001\",\"agent\":\"HZ-0001-a\",\"key\":KEY,\"revoked\":true,\"revoked\":false}")]
    public async Task A_broken_pin_pins_nothing_and_leaves_the_others(string content)
    {
        await using var server = await RunningServer.Start(TestDatabase.Sqlite);
        server.ErrorsExpected = true;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        server.WriteAgentFile("broken.jwk.json", content.Replace("KEY", global::Agent.Evidence.Statements.Jwk.FromKey(key).ToJson(), StringComparison.Ordinal));

        Assert.That((await server.Json("/v1/sites")).GetProperty("sites").GetArrayLength(), Is.EqualTo(1));
    }

    [Test]
    public async Task Pins_that_contradict_each_other_are_not_believed([Values] bool sameKey)
    {
        await using var server = await RunningServer.Start(TestDatabase.Sqlite);
        server.ErrorsExpected = true;
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        if (sameKey)
            server.Pin(agent: "HZ-0002-a", name: "two");
        else
            server.Pin(site: "HZ-0002", name: "two", key: other);

        Assert.That((await server.Json("/v1/sites")).GetProperty("sites").GetArrayLength(), Is.Zero);
    }
}
