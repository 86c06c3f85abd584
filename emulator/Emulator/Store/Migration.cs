namespace Disa.Emulator.Store;

/// <summary>One step of a room's tables. Steps are only ever added, so that older data opens with newer code.</summary>
/// <param name="Room">Whose tables these are: also the prefix of their names.</param>
/// <param name="Version">From 1, without gaps.</param>
/// <param name="Sql">The statements.</param>
public sealed record Migration(string Room, int Version, string Sql)
{
    internal static readonly SealedColumn SealedDocuments = new("store_document", "value");

    internal static readonly Migration Documents = new(
        "store",
        1,
        """
        CREATE TABLE store_document (
            kind TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL,
            PRIMARY KEY (kind, account, region, name)
        ) WITHOUT ROWID
        """
    );

    /// <exception cref="DataFolderException">The data is of a newer version.</exception>
    internal static void Apply(Session session, DatabaseOptions options, IEnumerable<Migration> migrations)
    {
        migrations = [.. migrations];
        session.Run("CREATE TABLE IF NOT EXISTS store_schema (room TEXT PRIMARY KEY, version INTEGER NOT NULL)");
        session.Run("BEGIN IMMEDIATE");
        foreach (var migration in migrations.Prepend(Documents).OrderBy(step => step.Version))
        {
            var current =
                session.Command("SELECT version FROM store_schema WHERE room = $1", [migration.Room]).ExecuteScalar() as long? ?? 0;
            if (migration.Version <= current)
            {
                continue;
            }

            session.Run(migration.Sql);
            session
                .Command(
                    "INSERT INTO store_schema VALUES ($1, $2) ON CONFLICT (room) DO UPDATE SET version = $2",
                    [migration.Room, migration.Version]
                )
                .ExecuteNonQuery();
        }

        foreach (var newest in migrations.Prepend(Documents).GroupBy(step => step.Room).Select(steps => steps.MaxBy(step => step.Version)!))
        {
            if (
                session.Command("SELECT version FROM store_schema WHERE room = $1", [newest.Room]).ExecuteScalar() is long version
                && version > newest.Version
            )
            {
                throw new DataFolderException(
                    $"{options.Path} was written by a newer version of Disa ({newest.Room} {version}; this one knows {newest.Version}). Use that version, or another directory."
                );
            }
        }

        var left = options.Key is null ? 0 : SealWhatIsOpen(session, options.Sealed);
        session.Run("COMMIT");
        if (left > 0)
        {
            // What was open is in free pages and in the log still: the file is written again without them.
            session.Run("VACUUM");
            session.Run("PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    /// <summary>Once for each column; answers how many values were open.</summary>
    private static int SealWhatIsOpen(Session session, IReadOnlyList<SealedColumn> columns)
    {
        var count = 0;
        foreach (var (table, column) in columns)
        {
            var mark = $"sealed:{table}.{column}";
            if (session.Command("SELECT version FROM store_schema WHERE room = $1", [mark]).ExecuteScalar() is not null)
            {
                continue;
            }

            count += session
                .Command(
                    $"UPDATE {table} SET {column} = seal('{table}', {column}) WHERE {column} IS NOT NULL AND is_sealed({column}) = 0",
                    []
                )
                .ExecuteNonQuery();
            session.Command("INSERT INTO store_schema VALUES ($1, 1)", [mark]).ExecuteNonQuery();
        }

        return count;
    }
}
