using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Disa.Asl;
using Disa.Asl.Data;
using Disa.Emulator.Aws;
using Disa.Emulator.StepFunctions.Integrations;
using Disa.Jsonata;

namespace Disa.Emulator.StepFunctions.MapRuns;

/// <summary>Reads the items of a Map run from S3: an object's, those that an inventory lists, or the objects of a bucket themselves.</summary>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html</remarks>
internal sealed class ItemSource(S3Calls s3)
{
    /// <exception cref="TaskException">States.ItemReaderFailed.</exception>
    public async Task<IReadOnlyList<MapItem>> Read(ReaderOrder order, Caller caller, CancellationToken cancellation)
    {
        CheckLimit(order);
        try
        {
            var items = order.Resource.EndsWith("s3:listObjectsV2", StringComparison.Ordinal)
                ? await Listed(order, caller, cancellation).ConfigureAwait(false)
                : await Object(order, caller, cancellation).ConfigureAwait(false);
            return order.MaxItems > 0 && items.Count > order.MaxItems ? items.GetRange(0, order.MaxItems) : items;
        }
        catch (AwsException failure)
        {
            throw Failed(S3Calls.Cause(failure, caller));
        }
        catch (Exception failure) when (failure is JsonException or InvalidDataException)
        {
            throw Failed("Attempting to parse an invalid file.");
        }
    }

    /// <summary>What a test says that there is to be read.</summary>
    /// <exception cref="AwsException">ValidationException.</exception>
    public static IReadOnlyList<MapItem> Read(ReaderOrder order, string data)
    {
        try
        {
            CheckLimit(order);
            var isList = order.Resource.EndsWith("s3:listObjectsV2", StringComparison.Ordinal);
            var source = $"S3://{Text(order.Arguments, "Bucket")}{(isList ? "" : $"/{Text(order.Arguments, "Key")}")}";
            var items = Items(isList ? order with { InputType = "JSON" } : order, Encoding.UTF8.GetBytes(data), source);
            return order.MaxItems > 0 && items.Count > order.MaxItems ? items.GetRange(0, order.MaxItems) : items;
        }
        catch (Exception failure) when (failure is JsonException or TaskException)
        {
            throw StepFunctionsErrors.Invalid($"The mapItemReaderData cannot be read as the state's ItemReader says: {failure.Message}");
        }
    }

    private static void CheckLimit(ReaderOrder order)
    {
        if (order.MaxItems < 0)
        {
            throw Failed("field MaxItems must be positive");
        }
    }

    private async Task<List<MapItem>> Object(ReaderOrder order, Caller caller, CancellationToken cancellation)
    {
        var answer = await s3.Call("GetObject", order.Arguments, caller, cancellation).ConfigureAwait(false);
        var bucket = Text(order.Arguments, "Bucket");
        var source = $"S3://{bucket}/{Text(order.Arguments, "Key")}";
        return order.InputType == "MANIFEST"
            ? await Inventory(answer.Payload, source, caller, cancellation).ConfigureAwait(false)
            : Items(order, answer.Payload, source);
    }

    private static List<MapItem> Items(ReaderOrder order, ReadOnlyMemory<byte> content, string source)
    {
        switch (order.InputType)
        {
            case "CSV":
                return
                [
                    .. Csv.Objects(Encoding.UTF8.GetString(content.Span), order.Headers, order.Delimiter)
                        .Select(row => new MapItem(row, null, source)),
                ];
            case "JSONL":
                return
                [
                    .. Encoding
                        .UTF8.GetString(content.Span)
                        .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                        .Select(line => new MapItem(JsonInput.Parse(line), null, source)),
                ];
            default:
                return Members(Pointed(JsonInput.Parse(content.Span), order.ItemsPointer), source);
        }
    }

    private static List<MapItem> Members(JsonElement document, string source) =>
        document.ValueKind switch
        {
            JsonValueKind.Array => [.. document.EnumerateArray().Select(item => new MapItem(item, null, source))],
            JsonValueKind.Object => [.. document.EnumerateObject().Select(member => new MapItem(member.Value, member.Name, source))],
            _ => throw Failed("Attempting to map over non-iterable node."),
        };

    /// <summary>RFC 6901.</summary>
    private static JsonElement Pointed(JsonElement document, string? pointer)
    {
        foreach (var part in (pointer ?? "").Split('/').Skip(1))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            document = document.ValueKind switch
            {
                JsonValueKind.Object when document.TryGetProperty(name, out var member) => member,
                JsonValueKind.Array when int.TryParse(name, out var index) && index >= 0 && index < document.GetArrayLength() => document[
                    index
                ],
                _ => throw Failed($"The ItemsPointer '{pointer}' does not exist in the file."),
            };
        }

        return document;
    }

    private async Task<List<MapItem>> Listed(ReaderOrder order, Caller caller, CancellationToken cancellation)
    {
        var bucket = Text(order.Arguments, "Bucket");
        var found = new List<MapItem>();
        string? token = null;
        do
        {
            var arguments = token is null ? order.Arguments : Json.With(order.Arguments, "ContinuationToken", Json.Of(token));
            var answer = RestXmlAnswer.Of(
                "ListObjectsV2",
                await s3.Call("ListObjectsV2", arguments, caller, cancellation).ConfigureAwait(false)
            );
            foreach (var listed in answer.TryGetProperty("Contents", out var contents) ? contents.EnumerateArray() : default)
            {
                found.AddRange(
                    order.Flattens
                        ? await Loaded(order, bucket, Text(listed, "Key")!, caller, cancellation).ConfigureAwait(false)
                        : [new MapItem(Entry(listed), null, $"S3://{bucket}")]
                );
            }

            token = Text(answer, "NextContinuationToken");
        } while (token is not null && (order.MaxItems == 0 || found.Count < order.MaxItems));

        return found;
    }

    private async Task<List<MapItem>> Loaded(ReaderOrder order, string? bucket, string key, Caller caller, CancellationToken cancellation)
    {
        var answer = await s3.Call("GetObject", Place(bucket, key), caller, cancellation).ConfigureAwait(false);
        return Items(order, answer.Payload, $"S3://{bucket}/{key}");
    }

    /// <summary>An object of a listing as a Map sees it: not quite as S3 answers it.</summary>
    private static JsonElement Entry(JsonElement listed) =>
        Json.Write(w =>
        {
            w.WriteStartObject();
            w.WriteString("Etag", Text(listed, "ETag"));
            w.WriteString("Key", Text(listed, "Key"));
            w.WriteNumber("LastModified", listed.GetProperty("LastModified").GetDateTimeOffset().ToUnixTimeSeconds());
            w.WriteNumber("Size", listed.GetProperty("Size").GetInt64());
            w.WriteString("StorageClass", Text(listed, "StorageClass"));
            w.WriteEndObject();
        });

    /// <summary>The rows of an S3 inventory: gzipped CSV files, whose columns the manifest names.</summary>
    private async Task<List<MapItem>> Inventory(ReadOnlyMemory<byte> content, string source, Caller caller, CancellationToken cancellation)
    {
        var manifest = JsonInput.Parse(content.Span);
        var columns = Text(manifest, "fileSchema")?.Split(',', StringSplitOptions.TrimEntries);
        if (columns is null || Text(manifest, "fileFormat") != "CSV" || !manifest.TryGetProperty("files", out var files))
        {
            throw Failed("Attempting to parse an invalid manifest file.");
        }

        var bucket = Text(manifest, "destinationBucket")?.Split(':')[^1];
        var found = new List<MapItem>();
        foreach (var file in files.EnumerateArray())
        {
            var answer = await s3.Call("GetObject", Place(bucket, Text(file, "key")), caller, cancellation).ConfigureAwait(false);
            using var stream = new GZipStream(new MemoryStream(answer.Payload.ToArray()), CompressionMode.Decompress);
            using var text = new StreamReader(stream);
            var rows = Csv.Objects(await text.ReadToEndAsync(cancellation).ConfigureAwait(false), columns, ',');
            found.AddRange(rows.Select(row => new MapItem(row, null, source)));
        }

        return found;
    }

    private static JsonElement Place(string? bucket, string? key) =>
        Json.Write(w =>
        {
            w.WriteStartObject();
            w.WriteString("Bucket", bucket);
            w.WriteString("Key", key);
            w.WriteEndObject();
        });

    private static string? Text(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static TaskException Failed(string cause) => new(new WorkflowError(WorkflowError.ItemReaderFailed, cause));
}
