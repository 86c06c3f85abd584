using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Disa.DotnetRuntime;

/// <summary>An exception as the managed runtimes report it: its type's simple name, message and stack, and the same of what caused it.</summary>
/// <remarks>aws/aws-lambda-dotnet, Amazon.Lambda.RuntimeSupport/ExceptionHandling/LambdaJsonExceptionWriter.cs</remarks>
internal static class ErrorJson
{
    public const string ContentType = "application/vnd.aws.lambda.error+json";

    /// <summary>Bytes; a longer report is replaced by one that says so.</summary>
    private const int Limit = 256 * 1024;

    private const int MostCauses = 32;

    public static byte[] Of(Exception failure)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(json, failure, MostCauses);
        }

        return buffer.Length <= Limit
            ? buffer.ToArray()
            : """{"errorMessage": "Exception exceeded maximum payload size of 256KB."}"""u8.ToArray();
    }

    private static void Write(Utf8JsonWriter json, Exception failure, int left)
    {
        json.WriteStartObject();
        json.WriteString("errorType", failure.GetType().Name);
        json.WriteString("errorMessage", failure.Message);
        if (!string.IsNullOrEmpty(failure.StackTrace))
        {
            json.WriteStartArray("stackTrace");
            var lines = new StackTrace(failure, fNeedFileInfo: true)
                .ToString()
                .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            foreach (var line in lines)
            {
                json.WriteStringValue(line);
            }

            json.WriteEndArray();
        }

        if (failure.InnerException is { } cause && left > 0)
        {
            json.WritePropertyName("cause");
            Write(json, cause, left - 1);
        }

        if (failure is AggregateException { InnerExceptions: { Count: > 0 } causes } && left > 0)
        {
            json.WriteStartArray("causes");
            foreach (var one in causes.Take(MostCauses))
            {
                Write(json, one, left - 1);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
