namespace Disa.Jsonata.Syntax;

internal enum TokenKind
{
    End,
    Operator,
    Name,
    Variable,
    String,
    Number,
    Literal,
    Regex,
}

/// <param name="Text">The operator, the name or the text; of a regex its pattern.</param>
/// <param name="Flags">Of a regex.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Position, double Number = 0, string Flags = "")
{
    public bool Is(string symbol) => Kind == TokenKind.Operator && Text == symbol;
}
