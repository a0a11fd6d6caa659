using System.Data.Common;

namespace AuditServer.Databases;

/// <summary>Where the evidence lies. All SQL is shared; what one database does otherwise than the other stands behind this.</summary>
interface IEvidenceDatabase : IDisposable
{
    /// <summary>Creates the tables when there are none.</summary>
    /// <exception cref="InvalidDataException">The tables are of another version, or the database does not write through.</exception>
    void Prepare();

    /// <summary>An open connection; the caller disposes of it.</summary>
    DbConnection Open();

    /// <summary>Whether a parameter can be an array, see <see cref="SqlSession.RunRows"/>.</summary>
    bool TakesArrays { get; }

    /// <summary>Begins a transaction that writes. Until it ends nobody else decides anything about these agents, whichever server it is.</summary>
    DbTransaction Begin(DbConnection connection, IEnumerable<string> agents);

    /// <summary>After a failed commit: returns only when everything that can be seen has reached the disk.</summary>
    void SettleDoubt(DbConnection connection);
}
