using System.Text;

namespace Disa.Emulator.Tests.Fuzz;

/// <summary>Makes texts that are nearly right: pieces of right ones, cut, doubled, mixed, nested and spoilt.</summary>
internal sealed class Mutator(Random random, IReadOnlyList<string> seeds)
{
    private const int Longest = 20_000;

    private static readonly string[] Pieces =
    [
        "",
        " ",
        "\0",
        "\n",
        "\t",
        "\"",
        "'",
        "\\",
        "\\u0000",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "<",
        ">",
        ",",
        ".",
        "..",
        ":",
        ";",
        "=",
        "!",
        "?",
        "*",
        "**",
        "$",
        "$$",
        "@",
        "#",
        "%",
        "&",
        "|",
        "-",
        "+",
        "/",
        "~",
        "^",
        "0",
        "-1",
        "1e999",
        "99999999999999999999",
        "null",
        "true",
        "AND",
        "NOT",
        "é",
        "\ud83d\ude00",
        "\\ud800",
        "\u202e",
    ];

    public string Next()
    {
        var text = Seed();
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            text = Change(text);
            if (text.Length > Longest)
            {
                text = text[..Longest];
            }
        }

        // As it would come over a wire, which carries no half of a surrogate pair.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
    }

    private string Seed() => seeds[random.Next(seeds.Count)];

    private string Change(string text)
    {
        var at = random.Next(text.Length + 1);
        var length = Math.Min(random.Next(1, 12), text.Length - at);
        return random.Next(8) switch
        {
            0 => text.Remove(at, length),
            1 => text.Insert(at, Piece()),
            2 => text.Remove(at, length).Insert(at, Piece()),
            3 => text.Insert(at, text.Substring(at, length)),
            4 => text[..at] + Tail(Seed()),
            5 => text.Insert(at, string.Concat(Enumerable.Repeat(Piece(), random.Next(2, 2000)))),
            6 => text[..at],
            _ => text.Insert(at, Seed()),
        };
    }

    private string Tail(string text) => text[random.Next(text.Length + 1)..];

    private string Piece() => Pieces[random.Next(Pieces.Length)];
}
