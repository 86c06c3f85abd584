namespace Disa.Emulator.Rooms;

/// <summary>An operation that AWS has and this emulator does not: known so that a REST request for it is refused by its name.</summary>
internal sealed record UndoneOperation(string Name, RestBinding Rest)
{
    /// <summary>One on each line: method, path and name.</summary>
    public static IReadOnlyList<UndoneOperation> Parse(string table) =>
        [
            .. table
                .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' '))
                .Select(words => new UndoneOperation(words[2], new RestBinding(words[0], words[1]))),
        ];
}
