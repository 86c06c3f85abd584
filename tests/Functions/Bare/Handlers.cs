namespace Bare;

public static class Handlers
{
    public static Stream Copy(Stream input) => input;

    public static void Number(int number) => ArgumentOutOfRangeException.ThrowIfNegative(number);

    public static string Text(Stream input) => input?.ToString() ?? "";
}
