namespace Disa.Emulator.Store;

/// <summary>One step of a room's tables. Steps are only ever added, so that older data opens with newer code.</summary>
/// <param name="Room">Whose tables these are: also the prefix of their names.</param>
/// <param name="Version">From 1, without gaps.</param>
/// <param name="Sql">The statements.</param>
public sealed record Migration(string Room, int Version, string Sql)
{
    internal static readonly Migration Documents = new("store", 1, """
        CREATE TABLE store_document (
            kind TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL,
            PRIMARY KEY (kind, account, region, name)
        ) WITHOUT ROWID
        """);

    internal static void Apply(Session session, IEnumerable<Migration> migrations)
    {
        session.Run("CREATE TABLE IF NOT EXISTS store_schema (room TEXT PRIMARY KEY, version INTEGER NOT NULL)");
        session.Run("BEGIN IMMEDIATE");
        foreach (var migration in migrations.Prepend(Documents).OrderBy(step => step.Version))
        {
            var current = session.Command("SELECT version FROM store_schema WHERE room = $1", [migration.Room]).ExecuteScalar() as long? ?? 0;
            if (migration.Version <= current)
            {
                continue;
            }

            session.Run(migration.Sql);
            session.Command("INSERT INTO store_schema VALUES ($1, $2) ON CONFLICT (room) DO UPDATE SET version = $2",
                [migration.Room, migration.Version]).ExecuteNonQuery();
        }

        session.Run("COMMIT");
    }
}
