using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Kms;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.DynamoDb;

/// <summary>
/// Writes exports to S3, in the name of who asked for them; the objects of an export that is begun again have the same names.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html</remarks>
internal sealed class ExportWriter(Database database, Clock clock, Tables tables, ExportStore exports, ServiceDirectory services)
{
    /// <summary>Rows that are read at once, and how much goes into one object before it is compressed.</summary>
    private const int Batch = 1000;
    private const int FileSize = 32 * 1024 * 1024;

    public async ValueTask<DateTimeOffset?> Step(CancellationToken cancellation)
    {
        foreach (var (scope, _, export) in exports.Shelf.All().Where(entry => entry.Value.Status == "IN_PROGRESS").ToList())
        {
            var ended = await Write(scope, export, cancellation).ConfigureAwait(false);
            await database
                .Write(transaction =>
                {
                    // It may be gone: the account was reset meanwhile.
                    if (exports.Shelf.Get(transaction, scope, Arn.Parse(export.Arn).Resource) is not null)
                    {
                        exports.Put(transaction, scope, ended with { Ended = clock.GetUtcNow() });
                        tables.Drop(transaction, export.Space);
                    }
                })
                .ConfigureAwait(false);
        }

        return null;
    }

    private async Task<ExportDocument> Write(Scope scope, ExportDocument export, CancellationToken cancellation)
    {
        try
        {
            var key = tables.Open(scope, export.Table with { Status = "ACTIVE" }).Key;
            var caller = export.Caller(scope);
            await Put(export, caller, "_started", [], cancellation).ConfigureAwait(false);
            var files = await Data(export, caller, key, cancellation).ConfigureAwait(false);
            var done = export with
            {
                Status = "COMPLETED",
                Manifest = Key(export, "manifest-summary.json"),
                ItemCount = files.Sum(file => file.Count),
                Size = files.Sum(file => file.Size),
            };
            await Manifest(done, caller, "manifest-files", FileList(files), cancellation).ConfigureAwait(false);
            await Manifest(done, caller, "manifest-summary", Summary(done), cancellation).ConfigureAwait(false);
            return done;
        }
        catch (AwsException failure)
        {
            // The names of the codes are not verified.
            return export with { Status = "FAILED", FailureCode = "S3" + failure.Code, FailureMessage = failure.Message };
        }
    }

    /// <summary>The items, a line each, in compressed objects; a table without items makes one that is empty.</summary>
    private async Task<List<DataFile>> Data(ExportDocument export, Caller caller, DataKey key, CancellationToken cancellation)
    {
        var files = new List<DataFile>();
        var after = default(RowKey?);
        var isEnd = false;
        while (!isEnd || files.Count == 0)
        {
            var (lines, count, size) = (new MemoryStream(), 0L, 0L);
            while (!isEnd && lines.Length < FileSize)
            {
                var rows = Rows(export.Space, after);
                isEnd = rows.Count < Batch;
                foreach (var (at, value) in rows)
                {
                    var item = ItemCodec.Decode(key.Decrypt(value));
                    Line(lines, item);
                    (after, count, size) = (at, count + 1, size + item.Size());
                }
            }

            // After the export's own id, so that a second attempt writes over the first.
            var name =
                $"data/{Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{export.Id}/{files.Count}")))[..26]}.json.gz";
            var content = Compress(lines);
            var etag = await Put(export, caller, name, content, cancellation).ConfigureAwait(false);
            files.Add(new DataFile(count, size, Md5(content), etag, Key(export, name)));
        }

        return files;
    }

    private List<(RowKey Key, byte[] Value)> Rows(long space, RowKey? after) =>
        database.Read(transaction =>
            transaction.Query(
                "SELECT hash, hk, rk, value FROM dynamodb_item WHERE space = $1 AND (hash, hk, rk) > ($2, $3, $4) ORDER BY hash, hk, rk LIMIT $5",
                row =>
                    (new RowKey(row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2)), row.GetFieldValue<byte[]>(3)),
                space,
                after?.Hash ?? -1L,
                after?.HashKey ?? [],
                after?.RangeKey ?? [],
                (long)Batch
            )
        );

    private static void Line(MemoryStream lines, Item item)
    {
        using (var writer = new Utf8JsonWriter(lines))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("Item");
            ItemConverter.WriteItem(writer, item);
            writer.WriteEndObject();
        }

        lines.WriteByte((byte)'\n');
    }

    private static byte[] Compress(MemoryStream lines)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            lines.WriteTo(gzip);
        }

        return compressed.ToArray();
    }

    private static byte[] FileList(List<DataFile> files)
    {
        using var lines = new MemoryStream();
        foreach (var file in files)
        {
            using (var writer = new Utf8JsonWriter(lines))
            {
                writer.WriteStartObject();
                writer.WriteNumber("itemCount", file.Count);
                writer.WriteString("md5Checksum", file.Checksum);
                writer.WriteString("etag", file.ETag);
                writer.WriteString("dataFileS3Key", file.Key);
                writer.WriteEndObject();
            }

            lines.WriteByte((byte)'\n');
        }

        return lines.ToArray();
    }

    private byte[] Summary(ExportDocument export)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("version", "2020-06-30");
            writer.WriteString("exportArn", export.Arn);
            writer.WriteString("startTime", Text(export.Started));
            writer.WriteString("endTime", Text(clock.GetUtcNow()));
            writer.WriteString("tableArn", export.Table.Arn);
            writer.WriteString("tableId", export.Table.Id);
            writer.WriteString("exportTime", Text(export.Request.ExportTime ?? export.Started));
            writer.WriteString("s3Bucket", export.Request.S3Bucket);
            writer.WriteString("s3Prefix", export.Request.S3Prefix);
            writer.WriteString("s3SseAlgorithm", export.Request.S3SseAlgorithm ?? "AES256");
            writer.WriteString("s3SseKmsKeyId", export.Request.S3SseKmsKeyId);
            writer.WriteString("manifestFilesS3Key", Key(export, "manifest-files.json"));
            writer.WriteNumber("billedSizeBytes", export.Size!.Value);
            writer.WriteNumber("itemCount", export.ItemCount!.Value);
            writer.WriteString("outputFormat", "DYNAMODB_JSON");
            writer.WriteString("exportType", "FULL_EXPORT");
            writer.WriteEndObject();
        }

        return json.ToArray();
    }

    private async Task Manifest(ExportDocument export, Caller caller, string name, byte[] content, CancellationToken cancellation)
    {
        await Put(export, caller, name + ".json", content, cancellation).ConfigureAwait(false);
        await Put(export, caller, name + ".checksum", System.Text.Encoding.UTF8.GetBytes(Md5(content)), cancellation).ConfigureAwait(false);
    }

    private static string Key(ExportDocument export, string name) =>
        $"{(export.Request.S3Prefix is { Length: > 0 } prefix ? prefix.TrimEnd('/') + "/" : "")}AWSDynamoDB/{export.Id}/{name}";

    /// <summary>Writes an object; its ETag without quotation marks.</summary>
    private async Task<string> Put(ExportDocument export, Caller caller, string name, byte[] content, CancellationToken cancellation)
    {
        var service = services.Find("s3");
        var operation = service.Find("PutObject");
        var call = new RestCall
        {
            Bucket = export.Request.S3Bucket,
            Key = Key(export, name),
            Body = content,
        };
        if (export.Request.S3SseAlgorithm == "KMS")
        {
            call.Headers["x-amz-server-side-encryption"] = "aws:kms";
            if (export.Request.S3SseKmsKeyId is { } id)
            {
                call.Headers["x-amz-server-side-encryption-aws-kms-key-id"] = id;
            }
        }

        if (export.Request.S3BucketOwner is { } owner)
        {
            call.Headers["x-amz-expected-bucket-owner"] = owner;
        }

        if (services.Rights is { } rights)
        {
            service.Check(operation, call, caller, rights);
        }

        var answer = (RestAnswer)await service.Call(operation, call, caller, cancellation).ConfigureAwait(false);
        return answer.ETag?.Trim('"') ?? "";
    }

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    // The manifest's format asks for it.
    private static string Md5(byte[] content) => Convert.ToBase64String(MD5.HashData(content));

    private sealed record DataFile(long Count, long Size, string Checksum, string ETag, string Key);
}
