using System.Text;
using System.Text.Json;
using Disa.Asl;
using Disa.Asl.Data;
using Disa.Emulator.StepFunctions.Integrations;

namespace Disa.Emulator.StepFunctions.MapRuns;

/// <summary>Text in rows and columns (RFC 4180), with a delimiter of choice.</summary>
internal static class Csv
{
    /// <summary>A row each as an object: what a row lacks is empty, what it has too much is dropped.</summary>
    /// <param name="headers">Null where the first row has them.</param>
    /// <exception cref="TaskException">Two columns have one name.</exception>
    public static IEnumerable<JsonElement> Objects(string text, IReadOnlyList<string>? headers, char delimiter)
    {
        IReadOnlyList<int>? order = null;
        foreach (var row in Rows(text, delimiter))
        {
            var isFirst = headers is null;
            headers ??= row;
            order ??= Order(headers);
            if (isFirst)
            {
                continue;
            }

            var columns = headers;
            yield return Json.Write(w =>
            {
                w.WriteStartObject();
                foreach (var i in order)
                {
                    w.WriteString(columns[i], i < row.Count ? row[i] : "");
                }

                w.WriteEndObject();
            });
        }
    }

    private static IReadOnlyList<int> Order(IReadOnlyList<string> headers) =>
        headers.Distinct(StringComparer.Ordinal).Count() == headers.Count
            ? HashOrder.Of(headers)
            : throw new TaskException(new WorkflowError(WorkflowError.ItemReaderFailed, "CSV headers cannot contain duplicates."));

    private static IEnumerable<List<string>> Rows(string text, char delimiter)
    {
        var row = new List<string>();
        var field = new StringBuilder();
        var isQuoted = false;
        var at = text.StartsWith('\uFEFF') ? 1 : 0;
        for (; at < text.Length; at++)
        {
            var character = text[at];
            if (isQuoted)
            {
                if (character != '"')
                {
                    field.Append(character);
                }
                else if (at + 1 < text.Length && text[at + 1] == '"')
                {
                    field.Append(text[at++]);
                }
                else
                {
                    isQuoted = false;
                }
            }
            else if (character == '"' && field.Length == 0)
            {
                isQuoted = true;
            }
            else if (character == delimiter)
            {
                row.Add(field.ToString());
                field.Clear();
            }
            else if (character == '\n')
            {
                if (field.Length > 0 || row.Count > 0)
                {
                    row.Add(field.ToString());
                    yield return row;
                }

                (row, field) = ([], new StringBuilder());
            }
            else if (character != '\r')
            {
                field.Append(character);
            }
        }

        if (field.Length > 0 || row.Count > 0)
        {
            row.Add(field.ToString());
            yield return row;
        }
    }
}
