using System.Text.Json;
using Disa.Emulator.Store;
using Microsoft.Data.Sqlite;

namespace Disa.Emulator.S3;

/// <summary>A multipart upload that is neither completed nor aborted.</summary>
internal sealed record Upload(
    string Id,
    string Bucket,
    string Key,
    long Body,
    DateTimeOffset Started,
    string? Algorithm,
    string? ChecksumType,
    byte[] MetaJson,
    bool IsDeletedSince = false
)
{
    public ObjectMeta Meta => JsonSerializer.Deserialize(MetaJson, S3Documents.Default.ObjectMeta)!;
}

internal sealed record UploadedPart(int Number, long Size, string ETag, string? Checksum, DateTimeOffset Modified);

/// <summary>The rows of multipart uploads and their parts.</summary>
internal static class Uploads
{
    private const string Columns = "id, bucket, key, body, started, algorithm, type, open('s3_upload', meta), deleted";

    /// <exception cref="Aws.AwsException">NoSuchUpload.</exception>
    public static Upload Find(Transaction transaction, string bucket, string key, string id) =>
        transaction.First($"SELECT {Columns} FROM s3_upload WHERE id = $1", Read, id) is { } upload
        && upload.Bucket == bucket
        && upload.Key == key
            ? upload
            : throw S3Errors.NoUpload(id);

    public static List<Upload> Of(Transaction transaction, string bucket) =>
        transaction.Query($"SELECT {Columns} FROM s3_upload WHERE bucket = $1 ORDER BY key, started, id", Read, bucket);

    public static void Add(Transaction transaction, Upload upload) =>
        transaction.Execute(
            "INSERT INTO s3_upload (id, bucket, key, body, started, algorithm, type, meta) VALUES ($1, $2, $3, $4, $5, $6, $7, seal('s3_upload', $8))",
            upload.Id,
            upload.Bucket,
            upload.Key,
            upload.Body,
            upload.Started.ToUnixTimeMilliseconds(),
            upload.Algorithm,
            upload.ChecksumType,
            upload.MetaJson
        );

    /// <summary>The object that they would make was deleted while they are in progress.</summary>
    public static void Deleted(Transaction transaction, string bucket, string key) =>
        transaction.Execute("UPDATE s3_upload SET deleted = 1 WHERE bucket = $1 AND key = $2", bucket, key);

    public static void PutPart(Transaction transaction, Upload upload, UploadedPart part) =>
        transaction.Execute(
            "INSERT INTO s3_part VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (upload, number) DO UPDATE SET size = $3, etag = $4, checksum = $5, modified = $6",
            upload.Id,
            part.Number,
            part.Size,
            part.ETag,
            part.Checksum,
            part.Modified.ToUnixTimeMilliseconds()
        );

    public static List<UploadedPart> Parts(Transaction transaction, string upload) =>
        transaction.Query(
            "SELECT number, size, etag, checksum, modified FROM s3_part WHERE upload = $1 ORDER BY number",
            row => new UploadedPart(
                row.GetInt32(0),
                row.GetInt64(1),
                row.GetString(2),
                row.IsDBNull(3) ? null : row.GetString(3),
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4))
            ),
            upload
        );

    public static void Remove(Transaction transaction, Upload upload, bool keepBody)
    {
        transaction.Execute("DELETE FROM s3_part WHERE upload = $1", upload.Id);
        transaction.Execute("DELETE FROM s3_upload WHERE id = $1", upload.Id);
        if (!keepBody)
        {
            Bodies.Delete(transaction, upload.Body);
        }
    }

    private static Upload Read(SqliteDataReader row) =>
        new(
            row.GetString(0),
            row.GetString(1),
            row.GetString(2),
            row.GetInt64(3),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
            row.IsDBNull(5) ? null : row.GetString(5),
            row.IsDBNull(6) ? null : row.GetString(6),
            row.GetFieldValue<byte[]>(7),
            row.GetInt64(8) != 0
        );
}
