using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Disa.Emulator.CloudWatch;

/// <summary>Why an alarm has its state, in CloudWatch's words and as its JSON.</summary>
internal static class AlarmReason
{
    /// <summary>More values than these are not all written out.</summary>
    private const int Listed = 5;

    /// <param name="alarm">The alarm.</param>
    /// <param name="state">The state it goes to.</param>
    /// <param name="evaluated">The points that counted, oldest first.</param>
    /// <param name="filled">How many missing ones counted as the alarm says.</param>
    /// <param name="fetched">How many were looked at.</param>
    public static string Text(Alarm alarm, string state, IReadOnlyList<AlarmPoint> evaluated, int filled, int fetched)
    {
        if (state == AlarmState.InsufficientData)
        {
            return $"Insufficient Data: {fetched} {Plural("datapoint", fetched)} {(fetched == 1 ? "was" : "were")} unknown.";
        }

        var treated =
            filled > 0 && alarm.Missing is MissingData.Breaching or MissingData.NotBreaching
                ? $" and {filled} missing {Plural("datapoint", filled)} {Was(filled)} treated as [{(alarm.Missing == MissingData.Breaching ? "Breaching" : "NonBreaching")}]"
                : "";
        if (evaluated.Count == 0)
        {
            return $"Threshold Crossed: no datapoints were received for {filled} {Plural("period", filled)}{treated}.";
        }

        // The points that made the state, newest first; where missing ones made it, those that are there.
        var breaching = state == AlarmState.Alarm;
        var making = evaluated.Reverse().Where(point => alarm.Breaches(point.Value!.Value) == breaching).ToList();
        var shown = making.Count > 0 ? making : evaluated.Reverse().ToList();
        var crossed = making.Count > 0 ? breaching : !breaching;
        var toMake = breaching
            ? alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods
            : alarm.EvaluationPeriods - (alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods) + 1;
        var subject = alarm.DatapointsToAlarm is null
            ? $"{shown.Count} {Plural("datapoint", shown.Count)}"
            : $"{shown.Count} out of the last {alarm.EvaluationPeriods} datapoints";
        var was =
            $"{Was(shown.Count)} {(crossed ? "" : "not ")}{Comparison(alarm.ComparisonOperator)} the threshold ({AlarmText.Number(alarm.Threshold)})";
        var minimum = alarm.DatapointsToAlarm is null
            ? ""
            : $" (minimum {toMake} {Plural("datapoint", toMake)} for {(breaching ? "OK -> ALARM" : "ALARM -> OK")} transition)";
        var list = string.Join(", ", shown.Take(Listed).Select(AlarmText.Point));
        return shown.Count <= Listed
            ? $"Threshold Crossed: {subject} [{list}] {was}{treated}{minimum}."
            : $"Threshold Crossed: {subject} {was}{treated}{minimum}. The most recent datapoints{(crossed ? " which crossed the threshold" : "")}: [{list}].";
    }

    /// <summary>The JSON text of StateReasonData.</summary>
    public static string Data(Alarm alarm, DateTimeOffset queried, IReadOnlyList<AlarmPoint> evaluated, IReadOnlyList<AlarmPoint> listed)
    {
        var buffer = new MemoryStream();
        using (
            var json = new Utf8JsonWriter(
                buffer,
                new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
        )
        {
            json.WriteStartObject();
            json.WriteString("version", "1.0");
            json.WriteString("queryDate", AlarmText.Time(queried));
            if (evaluated.Count > 0)
            {
                json.WriteString("startDate", AlarmText.Time(evaluated[0].Start));
            }

            if (alarm.Unit is { } unit)
            {
                json.WriteString("unit", unit);
            }

            if (alarm.Draws is { } draws)
            {
                json.WriteString("statistic", draws.Name);
            }

            json.WriteNumber("period", alarm.Period);
            json.WriteStartArray("recentDatapoints");
            foreach (var point in evaluated)
            {
                json.WriteRawValue(AlarmText.Number(point.Value!.Value));
            }

            json.WriteEndArray();
            Raw(json, "threshold", alarm.Threshold);
            json.WriteStartArray("evaluatedDatapoints");
            foreach (var point in listed.Reverse())
            {
                json.WriteStartObject();
                json.WriteString("timestamp", AlarmText.Time(point.Start));
                if (point.Value is { } value)
                {
                    Raw(json, "sampleCount", point.SampleCount);
                    Raw(json, "value", value);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Raw(Utf8JsonWriter json, string name, double value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(AlarmText.Number(value));
    }

    private static string Comparison(string comparison) =>
        comparison switch
        {
            "GreaterThanOrEqualToThreshold" => "greater than or equal to",
            "GreaterThanThreshold" => "greater than",
            "LessThanThreshold" => "less than",
            _ => "less than or equal to",
        };

    private static string Was(int count) => count == 1 ? "was" : "were";

    private static string Plural(string noun, int count) => count == 1 ? noun : noun + "s";
}
