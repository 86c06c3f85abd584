using System.Text;
using System.Text.Json;
using Disa.Asl;
using Disa.Asl.Data;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.StepFunctions.Integrations;

namespace Disa.Emulator.StepFunctions.MapRuns;

/// <summary>Writes the results of a Map run to S3: a file for each status, and a manifest that names them.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html: files of at most 5 GB. Natural key: the run's id in
/// the objects' keys; written again after a crash they are the same.
/// </remarks>
internal sealed class ResultExport(S3Calls s3)
{
    /// <summary>How many bytes a file may grow to before the next one begins.</summary>
    private const int FileLimit = 64 * 1024 * 1024;

    /// <returns>What the state answers: the run, and where its manifest is.</returns>
    /// <exception cref="TaskException">States.ResultWriterFailed.</exception>
    public async Task<JsonElement> Write(MapRunRow run, IReadOnlyList<MapChildRow> children, Caller caller, CancellationToken cancellation)
    {
        var writer = run.Order.Writer!;
        var folder =
            $"{(writer.Prefix is { Length: > 0 } prefix ? prefix.TrimEnd('/') + "/" : "")}{run.Arn[(run.Arn.LastIndexOf(':') + 1)..]}/";
        try
        {
            var failed = await Files(run, folder, "FAILED", children.Where(IsFailed), caller, cancellation).ConfigureAwait(false);
            var pending = await Files(run, folder, "PENDING", children.Where(IsPending), caller, cancellation).ConfigureAwait(false);
            var succeeded = await Files(run, folder, "SUCCEEDED", children.Where(IsSuccess), caller, cancellation).ConfigureAwait(false);
            var manifest = Json.Write(w =>
            {
                w.WriteStartObject();
                w.WriteString("DestinationBucket", writer.Bucket);
                w.WriteString("MapRunArn", run.Arn);
                w.WriteStartObject("ResultFiles");
                List(w, "FAILED", failed);
                List(w, "PENDING", pending);
                List(w, "SUCCEEDED", succeeded);
                w.WriteEndObject();
                w.WriteEndObject();
            });
            await Put(writer.Bucket!, folder + "manifest.json", Json.Compact(manifest), caller, cancellation).ConfigureAwait(false);
        }
        catch (AwsException failure)
        {
            throw new TaskException(new WorkflowError(WorkflowError.ResultWriterFailed, S3Calls.Cause(failure, caller)));
        }

        return Json.Write(w =>
        {
            w.WriteStartObject();
            w.WriteString("MapRunArn", run.Arn);
            w.WriteStartObject("ResultWriterDetails");
            w.WriteString("Bucket", writer.Bucket);
            w.WriteString("Key", folder + "manifest.json");
            w.WriteEndObject();
            w.WriteEndObject();
        });
    }

    private static bool IsSuccess(MapChildRow child) => child.Status == Outcome.Succeeded;

    private static bool IsPending(MapChildRow child) => child.Status is MapChildRow.Pending;

    private static bool IsFailed(MapChildRow child) => !IsSuccess(child) && !IsPending(child);

    private async Task<List<(string Key, int Size)>> Files(
        MapRunRow run,
        string folder,
        string status,
        IEnumerable<MapChildRow> children,
        Caller caller,
        CancellationToken cancellation
    )
    {
        var writer = run.Order.Writer!;
        var written = new List<(string, int)>();
        foreach (var part in Parts(children))
        {
            var key = $"{folder}{status}_{written.Count}.{(writer.IsLines ? "jsonl" : "json")}";
            var content = MapResults.File(run, writer.Transformation, writer.IsLines, part);
            await Put(writer.Bucket!, key, Encoding.UTF8.GetString(content), caller, cancellation).ConfigureAwait(false);
            written.Add((key, content.Length));
        }

        return written;
    }

    private static IEnumerable<List<MapChildRow>> Parts(IEnumerable<MapChildRow> children)
    {
        var part = new List<MapChildRow>();
        var size = 0;
        foreach (var child in children)
        {
            part.Add(child);
            size += child.Input.Length + (child.Output?.Length ?? 0) + 1024;
            if (size > FileLimit)
            {
                yield return part;
                (part, size) = ([], 0);
            }
        }

        if (part.Count > 0)
        {
            yield return part;
        }
    }

    private Task<RestAnswer> Put(string bucket, string key, string content, Caller caller, CancellationToken cancellation) =>
        s3.Call(
            "PutObject",
            Json.Write(w =>
            {
                w.WriteStartObject();
                w.WriteString("Bucket", bucket);
                w.WriteString("Key", key);
                w.WriteString("Body", content);
                w.WriteString("ContentType", "application/json");
                w.WriteEndObject();
            }),
            caller,
            cancellation
        );

    private static void List(Utf8JsonWriter writer, string name, List<(string Key, int Size)> files)
    {
        writer.WriteStartArray(name);
        foreach (var (key, size) in files)
        {
            writer.WriteStartObject();
            writer.WriteString("Key", key);
            writer.WriteNumber("Size", size);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
