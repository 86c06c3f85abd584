using System.Globalization;
using System.Reflection;
using System.Text;

namespace Disa.DotnetRuntime;

/// <summary>What a function writes, line by line: with time, request id and level in front.</summary>
/// <remarks>aws/aws-lambda-dotnet, Amazon.Lambda.RuntimeSupport/Helpers/ConsoleLoggerWriter.cs</remarks>
internal sealed class FunctionLog
{
    private static readonly string[] Levels = ["Trace", "Debug", "Information", "Warning", "Error", "Critical"];
    private static readonly string[] Labels = ["trce", "dbug", "info", "warn", "fail", "crit"];

    private readonly TextWriter output = Console.Out;
    private readonly int least = LevelOf(Setting("AWS_LAMBDA_HANDLER_LOG_LEVEL")) is >= 0 and var asked ? asked : LevelOf("Information");
    private readonly bool isUnformatted = string.Equals(
        Setting("AWS_LAMBDA_HANDLER_LOG_FORMAT"),
        "Unformatted",
        StringComparison.OrdinalIgnoreCase
    );

    private FunctionLog() { }

    public string RequestId { get; set; } = "";

    /// <summary>From here on the console writes through the log.</summary>
    public static FunctionLog Capture()
    {
        var log = new FunctionLog();
        Console.SetOut(new ConsoleWriter(log, "Information"));
        Console.SetError(new ConsoleWriter(log, "Error"));
        return log;
    }

    /// <summary>Lets the static <c>LambdaLogger</c> of the package's Amazon.Lambda.Core write here; versions differ in what they let be set.</summary>
    public void Serve(Assembly core)
    {
        var logger = core.GetType("Amazon.Lambda.Core.LambdaLogger");
        Set("_loggingAction", (Action<string>)(message => Line(null, message)));
        Set("_loggingWithLevelAction", (Action<string, string, object[]>)((level, message, values) => Line(level, message, null, values)));
        Set(
            "_loggingWithLevelAndExceptionAction",
            (Action<string, Exception, string, object[]>)((level, failure, message, values) => Line(level, message, failure, values))
        );

        void Set(string name, Delegate action)
        {
            if (
                logger?.GetField(name, BindingFlags.NonPublic | BindingFlags.Static) is { } field
                && field.FieldType.IsInstanceOfType(action)
            )
            {
                field.SetValue(null, action);
            }
        }
    }

    /// <summary>As it is, without a line's end.</summary>
    public void Raw(string? text) => output.Write(text);

    /// <param name="level">Null for none; what is no level's name is written as it is.</param>
    public void Line(string? level, string? message, Exception? failure = null, object?[]? values = null)
    {
        var known = LevelOf(level);
        if (known >= 0 && known < least)
        {
            return;
        }

        var text = new StringBuilder();
        if (!isUnformatted)
        {
            text.Append(TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture))
                .Append('\t')
                .Append(RequestId)
                .Append('\t');
            text.Append(level is null ? "" : (known >= 0 ? Labels[known] : level) + "\t");
        }

        text.Append(Filled(message ?? "", values));
        if (failure is not null)
        {
            text.Append('\n').Append(failure);
        }

        // One message is one log event.
        output.WriteLine(text.Replace("\r\n", "\r").Replace('\n', '\r').ToString());
    }

    /// <summary>A message's <c>{name}</c> places, filled one after the other; a doubled brace is a brace.</summary>
    private static string Filled(string template, object?[]? values)
    {
        if (values is not { Length: > 0 })
        {
            return template;
        }

        var text = new StringBuilder();
        var next = 0;
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] is '{' or '}' && i + 1 < template.Length && template[i + 1] == template[i])
            {
                text.Append(template[i++]);
            }
            else if (template[i] == '{' && template.IndexOf('}', i) is > 0 and var end && next < values.Length)
            {
                var place = template[(i + 1)..end].Split(':', 2);
                text.AppendFormat(CultureInfo.InvariantCulture, place.Length == 2 ? "{0:" + place[1] + "}" : "{0}", values[next++]);
                i = end;
            }
            else
            {
                text.Append(template[i]);
            }
        }

        return text.ToString();
    }

    private static string? Setting(string name) => Environment.GetEnvironmentVariable(name);

    private static int LevelOf(string? level) =>
        Array.FindIndex(Levels, known => string.Equals(known, level, StringComparison.OrdinalIgnoreCase));

    /// <summary>Console lines with the stream's level in front; what is no whole line goes as it is.</summary>
    private sealed class ConsoleWriter(FunctionLog log, string level) : TextWriter(CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => log.Raw(value.ToString());

        public override void Write(string? value) => log.Raw(value);

        public override void Write(char[] buffer, int index, int count) => log.Raw(new string(buffer, index, count));

        public override void WriteLine() => log.Line(level, "");

        public override void WriteLine(string? value) => log.Line(level, value);

        public override void WriteLine(bool value) => WriteLine(value.ToString(FormatProvider));

        public override void WriteLine(char value) => WriteLine(value.ToString(FormatProvider));

        public override void WriteLine(char[]? buffer) => WriteLine(new string(buffer));

        public override void WriteLine(char[] buffer, int index, int count) => WriteLine(new string(buffer, index, count));

        public override void WriteLine(ReadOnlySpan<char> buffer) => WriteLine(new string(buffer));

        public override void WriteLine(int value) => WriteLine(value.ToString(FormatProvider));

        public override void WriteLine(uint value) => WriteLine(value.ToString(FormatProvider));

        public override void WriteLine(long value) => WriteLine(value.ToString(FormatProvider));

        public override void WriteLine(ulong value) => WriteLine(value.ToString(FormatProvider));

        public override void WriteLine(float value) => WriteLine(value.ToString(FormatProvider));

        public override void WriteLine(double value) => WriteLine(value.ToString(FormatProvider));

        public override void WriteLine(decimal value) => WriteLine(value.ToString(FormatProvider));

        public override void WriteLine(object? value) => WriteLine(value?.ToString());

        public override void WriteLine(StringBuilder? value) => WriteLine(value?.ToString());

        public override void WriteLine(string format, params object?[] arg) => WriteLine(string.Format(FormatProvider, format, arg));

        public override void WriteLine(string format, object? arg0) => WriteLine(string.Format(FormatProvider, format, arg0));

        public override void WriteLine(string format, object? arg0, object? arg1) =>
            WriteLine(string.Format(FormatProvider, format, arg0, arg1));

        public override void WriteLine(string format, object? arg0, object? arg1, object? arg2) =>
            WriteLine(string.Format(FormatProvider, format, arg0, arg1, arg2));

        public override Task WriteLineAsync() => Now(WriteLine);

        public override Task WriteLineAsync(char value) => Now(() => WriteLine(value));

        public override Task WriteLineAsync(string? value) => Now(() => WriteLine(value));

        public override Task WriteLineAsync(char[] buffer, int index, int count) => Now(() => WriteLine(buffer, index, count));

        public override Task WriteLineAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default) =>
            Now(() => WriteLine(buffer.Span));

        private static Task Now(Action write)
        {
            write();
            return Task.CompletedTask;
        }
    }
}
