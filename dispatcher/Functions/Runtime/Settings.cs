using System.Globalization;

namespace Disa.Functions;

/// <summary>The function's environment variables.</summary>
public static class Settings
{
    public static string Text(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"The environment variable {name} is not set.");

    public static string Text(string name, string otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : otherwise;

    public static int Number(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is not { Length: > 0 } value ? otherwise
        : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new InvalidOperationException($"The environment variable {name} is not a number: '{value}'.");
}
