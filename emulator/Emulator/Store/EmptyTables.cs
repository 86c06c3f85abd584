namespace Disa.Emulator.Store;

/// <summary>The tables of all rooms with nothing in them, made once in a process: a database in memory begins with a copy.</summary>
/// <remarks>Making them is most of what a fresh database costs, and a test may want one each.</remarks>
internal static class EmptyTables
{
    private static readonly Lock Gate = new();
    private static IReadOnlyList<Migration> made = [];
    private static Session? tables;

    /// <summary>Gives an empty database the tables that these steps make.</summary>
    public static void CopyTo(Session session, IReadOnlyList<Migration> migrations)
    {
        lock (Gate)
        {
            if (tables is null || !made.SequenceEqual(migrations))
            {
                var fresh = Session.Open(path: null, key: null);
                try
                {
                    Migration.Apply(fresh, new DatabaseOptions(), migrations);
                }
                catch
                {
                    fresh.Dispose();
                    throw;
                }

                tables?.Dispose();
                (tables, made) = (fresh, migrations);
            }

            tables.CopyTo(session);
        }
    }
}
