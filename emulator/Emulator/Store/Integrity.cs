using Microsoft.Data.Sqlite;

namespace Disa.Emulator.Store;

/// <summary>Looks for damage in a database.</summary>
internal static class Integrity
{
    /// <summary>What is wrong with the file, a sentence each: its pages and indexes, and the values of its sealed columns.</summary>
    public static IReadOnlyList<string> Check(Database database, IReadOnlyList<SealedColumn> columns) =>
        database.Read(transaction =>
        {
            var wrong = transaction.Query("PRAGMA integrity_check", row => row.GetString(0)).Where(line => line != "ok").ToList();
            foreach (var (table, column) in columns)
            {
                try
                {
                    transaction.Number($"SELECT count(open('{table}', {column})) FROM {table}");
                }
                catch (SqliteException damaged)
                {
                    wrong.Add(damaged.Message);
                }
            }

            return wrong;
        });
}
