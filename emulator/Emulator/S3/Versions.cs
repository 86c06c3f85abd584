using System.Security.Cryptography;
using System.Text.Json;
using Disa.Emulator.Store;
using Microsoft.Data.Sqlite;

namespace Disa.Emulator.S3;

/// <summary>One version of an object: a row.</summary>
/// <param name="Sequence">The order of a key's versions; the highest is the newest.</param>
/// <param name="VersionId"><c>null</c> where it was written without versioning.</param>
/// <param name="IsMarker">A delete marker: no bytes, no meta.</param>
/// <param name="Body">Where its chunks are.</param>
/// <param name="NoncurrentSince">When a newer version came.</param>
internal sealed record ObjectVersion(
    string Bucket,
    string Key,
    long Sequence,
    string VersionId,
    bool IsMarker,
    bool IsLatest,
    long Size,
    string ETag,
    DateTimeOffset Modified,
    DateTimeOffset? NoncurrentSince,
    long Body,
    byte[]? MetaJson
)
{
    public ObjectMeta Meta => JsonSerializer.Deserialize(MetaJson!, S3Documents.Default.ObjectMeta)!;
}

/// <summary>The rows of objects' versions: what is the latest, what gives way to what.</summary>
internal static class Versions
{
    public const string NullId = "null";

    /// <summary>How many characters of an id are random; the others follow from them.</summary>
    private const int Random = 26;
    private const string Columns =
        "bucket, key, seq, version, marker, latest, size, etag, modified, noncurrent, body, open('s3_version', meta)";

    public static readonly Migration[] Migrations =
    [
        new(
            "s3",
            1,
            """
            CREATE TABLE s3_version (
                bucket TEXT NOT NULL, key TEXT NOT NULL, seq INTEGER NOT NULL, version TEXT NOT NULL, marker INTEGER NOT NULL, latest INTEGER NOT NULL,
                size INTEGER NOT NULL, etag TEXT NOT NULL, modified INTEGER NOT NULL, noncurrent INTEGER, body INTEGER NOT NULL, meta BLOB,
                PRIMARY KEY (bucket, key, seq)
            ) WITHOUT ROWID;
            CREATE UNIQUE INDEX s3_version_id ON s3_version (bucket, key, version);
            CREATE INDEX s3_version_latest ON s3_version (bucket, key) WHERE latest = 1 AND marker = 0;
            CREATE TABLE s3_body (id INTEGER PRIMARY KEY AUTOINCREMENT, bucket TEXT NOT NULL);
            CREATE TABLE s3_chunk (body INTEGER NOT NULL, part INTEGER NOT NULL, number INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (body, part, number)) WITHOUT ROWID;
            CREATE TABLE s3_upload (id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, body INTEGER NOT NULL, started INTEGER NOT NULL, algorithm TEXT, type TEXT, meta BLOB NOT NULL);
            CREATE INDEX s3_upload_bucket ON s3_upload (bucket, key);
            CREATE TABLE s3_part (upload TEXT NOT NULL, number INTEGER NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL, checksum TEXT, modified INTEGER NOT NULL, PRIMARY KEY (upload, number)) WITHOUT ROWID;
            """
        ),
        new("s3", 2, "ALTER TABLE s3_upload ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0"),
        Notifications.Table,
    ];

    public static ObjectVersion? Latest(Transaction transaction, string bucket, string key) =>
        transaction.First($"SELECT {Columns} FROM s3_version WHERE bucket = $1 AND key = $2 ORDER BY seq DESC LIMIT 1", Read, bucket, key);

    public static ObjectVersion? Find(Transaction transaction, string bucket, string key, string version) =>
        transaction.First($"SELECT {Columns} FROM s3_version WHERE bucket = $1 AND key = $2 AND version = $3", Read, bucket, key, version);

    /// <summary>Current objects from a key on, in the order of keys.</summary>
    public static void ScanCurrent(Transaction transaction, string bucket, string from, Func<ObjectVersion, bool> row) =>
        transaction.Scan(
            $"SELECT {Columns} FROM s3_version WHERE bucket = $1 AND latest = 1 AND marker = 0 AND key >= $2 ORDER BY key",
            reader => row(Read(reader)),
            bucket,
            from
        );

    /// <summary>All versions from a key on, the newest of each key first.</summary>
    public static void ScanAll(Transaction transaction, string bucket, string from, Func<ObjectVersion, bool> row) =>
        transaction.Scan(
            $"SELECT {Columns} FROM s3_version WHERE bucket = $1 AND key >= $2 ORDER BY key, seq DESC",
            reader => row(Read(reader)),
            bucket,
            from
        );

    public static bool Any(Transaction transaction, string bucket) =>
        transaction.Number("SELECT 1 FROM s3_version WHERE bucket = $1 LIMIT 1", bucket) is not null;

    /// <summary>A new version becomes the latest. Without versioning (or with it suspended) it takes the place of the <c>null</c> version.</summary>
    public static ObjectVersion Add(Transaction transaction, Bucket bucket, ObjectVersion made)
    {
        var id = bucket.Versioning == "Enabled" ? NewId() : NullId;
        if (id == NullId && Find(transaction, made.Bucket, made.Key, NullId) is { } replaced)
        {
            Delete(transaction, replaced);
        }

        var sequence =
            1 + (transaction.Number("SELECT max(seq) FROM s3_version WHERE bucket = $1 AND key = $2", made.Bucket, made.Key) ?? 0);
        transaction.Execute(
            "UPDATE s3_version SET latest = 0, noncurrent = $3 WHERE bucket = $1 AND key = $2 AND latest = 1",
            made.Bucket,
            made.Key,
            made.Modified.ToUnixTimeMilliseconds()
        );
        var added = made with { VersionId = id, Sequence = sequence, IsLatest = true };
        transaction.Execute(
            "INSERT INTO s3_version VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, NULL, $9, seal('s3_version', $10))",
            added.Bucket,
            added.Key,
            added.Sequence,
            added.VersionId,
            added.IsMarker ? 1 : 0,
            added.Size,
            added.ETag,
            added.Modified.ToUnixTimeMilliseconds(),
            added.Body,
            added.MetaJson
        );
        return added;
    }

    /// <summary>Removes a version for good; the one before it is the latest again.</summary>
    public static void Remove(Transaction transaction, ObjectVersion version)
    {
        Delete(transaction, version);
        if (version.IsLatest)
        {
            transaction.Execute(
                "UPDATE s3_version SET latest = 1, noncurrent = NULL WHERE bucket = $1 AND key = $2 AND seq = (SELECT max(seq) FROM s3_version WHERE bucket = $1 AND key = $2)",
                version.Bucket,
                version.Key
            );
        }
    }

    public static void SetMeta(Transaction transaction, ObjectVersion version, ObjectMeta meta) =>
        transaction.Execute(
            "UPDATE s3_version SET meta = seal('s3_version', $4) WHERE bucket = $1 AND key = $2 AND seq = $3",
            version.Bucket,
            version.Key,
            version.Sequence,
            JsonSerializer.SerializeToUtf8Bytes(meta, S3Documents.Default.ObjectMeta)
        );

    private static void Delete(Transaction transaction, ObjectVersion version)
    {
        transaction.Execute(
            "DELETE FROM s3_version WHERE bucket = $1 AND key = $2 AND seq = $3",
            version.Bucket,
            version.Key,
            version.Sequence
        );
        Bodies.Delete(transaction, version.Body);
    }

    /// <summary>Whether an id was made here, of a version that may be gone: others are invented.</summary>
    public static bool IsOwn(string id) => id.Length == 32 && id[Random..] == Check(id[..Random]);

    private static string NewId()
    {
        var id = RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._", Random);
        return id + Check(id);
    }

    private static string Check(string id) =>
        Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(id)))[..(32 - Random)];

    private static ObjectVersion Read(SqliteDataReader row) =>
        new(
            row.GetString(0),
            row.GetString(1),
            row.GetInt64(2),
            row.GetString(3),
            row.GetInt64(4) != 0,
            row.GetInt64(5) != 0,
            row.GetInt64(6),
            row.GetString(7),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(8)),
            row.IsDBNull(9) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)),
            row.GetInt64(10),
            row.IsDBNull(11) ? null : row.GetFieldValue<byte[]>(11)
        );
}
