using System.Text;
using System.Text.Json;
using Disa.Asl;
using Disa.Asl.Data;
using Disa.Jsonata;

namespace Disa.Emulator.StepFunctions.MapRuns;

/// <summary>The results of a Map run in the form that its ResultWriter asks for.</summary>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html</remarks>
internal static class MapResults
{
    /// <summary>The results of some children: an array, or lines.</summary>
    public static byte[] File(MapRunRow run, string transformation, bool isLines, IEnumerable<MapChildRow> children)
    {
        var results = children.SelectMany(child => Of(run, child, transformation)).ToList();
        return isLines
            ? Encoding.UTF8.GetBytes(string.Join('\n', results.Select(Json.Compact)))
            : Encoding.UTF8.GetBytes(Json.Compact(Array(results)));
    }

    /// <summary>What the state answers where nothing is exported.</summary>
    public static JsonElement State(MapRunRow run, IEnumerable<MapChildRow> children)
    {
        var writer = run.Order.Writer;
        var results = children.SelectMany(child => Of(run, child, writer?.Transformation ?? "COMPACT")).ToList();
        return writer is { IsLines: true } ? Json.Of(string.Join('\n', results.Select(Json.Compact))) : Array(results);
    }

    /// <summary>Larger than any payload: an export may be, and a state's result is held to its limit when it is answered.</summary>
    private static JsonElement Array(List<JsonElement> results) =>
        Json.Write(w =>
        {
            w.WriteStartArray();
            foreach (var result in results)
            {
                result.WriteTo(w);
            }

            w.WriteEndArray();
        });

    private static List<JsonElement> Of(MapRunRow run, MapChildRow child, string transformation)
    {
        // What failed stays as it is, whatever is asked for.
        if (transformation == "NONE" || child.Status != Outcome.Succeeded)
        {
            return [Whole(run, child)];
        }

        var output = JsonInput.Parse(child.Output!);
        return transformation == "FLATTEN" && output.ValueKind == JsonValueKind.Array ? [.. output.EnumerateArray()] : [output];
    }

    /// <summary>Like DescribeExecution, in PascalCase.</summary>
    private static JsonElement Whole(MapRunRow run, MapChildRow child) =>
        Json.Write(w =>
        {
            var isStandard = !run.Order.IsExpress;
            var isPending = child.Status == MapChildRow.Pending;
            w.WriteStartObject();
            Text(w, "Cause", child.Cause);
            Text(w, "Error", child.Error);
            Text(w, "ExecutionArn", child.Arn);
            w.WriteString("Input", child.Input);
            Included(w, "InputDetails");
            Text(w, "Name", child.Name);
            if (child.Output is not null)
            {
                w.WriteString("Output", child.Output);
                Included(w, "OutputDetails");
            }

            if (isStandard && !isPending)
            {
                var isRedrivable = child.Status != Outcome.Succeeded;
                w.WriteNumber("RedriveCount", child.Redrives);
                w.WriteString("RedriveStatus", isRedrivable ? "REDRIVABLE_BY_MAP_RUN" : "NOT_REDRIVABLE");
                Text(w, "RedriveStatusReason", isRedrivable ? null : $"Execution is {child.Status} and cannot be redriven");
            }

            Text(w, "StartDate", child.Started is { } started ? Integrations.SdkShape.Time(started) : null);
            w.WriteString("StateMachineArn", MachineOf(run));
            w.WriteString("Status", child.Status);
            Text(w, "StopDate", child.Stopped is { } stopped ? Integrations.SdkShape.Time(stopped) : null);
            w.WriteEndObject();
        });

    /// <summary>The machine of the child executions: that of the run without its id.</summary>
    public static string MachineOf(MapRunRow run) =>
        run.Arn[..run.Arn.LastIndexOf(':')].Replace(":mapRun:", ":stateMachine:", StringComparison.Ordinal);

    private static void Included(Utf8JsonWriter writer, string name)
    {
        writer.WriteStartObject(name);
        writer.WriteBoolean("Included", true);
        writer.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }
}
