using System.Collections.Frozen;

namespace Disa.Emulator.DynamoDb.PartiQL;

internal enum StatementTokenKind
{
    End,

    /// <summary>A name or keyword.</summary>
    Word,

    /// <summary>A name in double quotation marks.</summary>
    Quoted,

    /// <summary>A text in single quotation marks.</summary>
    Text,
    Number,
    Parameter,
    Symbol,
}

/// <summary>A piece of a statement's text.</summary>
/// <param name="Text">What it says, without quotation marks.</param>
/// <param name="Start">Where it begins in the statement.</param>
/// <param name="Length">How long it is there.</param>
internal readonly record struct StatementToken(StatementTokenKind Kind, string Text, int Start, int Length)
{
    public bool Is(string symbol) => Kind == StatementTokenKind.Symbol && Text == symbol;

    public bool IsWord(string word) => Kind == StatementTokenKind.Word && string.Equals(Text, word, StringComparison.OrdinalIgnoreCase);

    /// <summary>A word that names nothing unless it is quoted.</summary>
    public bool IsKeyword => Kind == StatementTokenKind.Word && StatementTokens.Keywords.Contains(Text);
}

/// <summary>Cuts a statement into tokens.</summary>
internal static class StatementTokens
{
    /// <summary>The reserved words of SQL-92 (but for the parts of a date) and of PartiQL.</summary>
    public static readonly FrozenSet<string> Keywords = """
        ABSOLUTE ACTION ADD ALL ALLOCATE ALTER AND ANY ARE AS ASC ASSERTION AT AUTHORIZATION AVG BEGIN BETWEEN BIT BIT_LENGTH BY
        CASCADE CASCADED CASE CAST CATALOG CHAR CHARACTER CHARACTER_LENGTH CHAR_LENGTH CHECK CLOSE COALESCE COLLATE COLLATION COLUMN
        COMMIT CONNECT CONNECTION CONSTRAINT CONSTRAINTS CONTINUE CONVERT CORRESPONDING COUNT CREATE CROSS CURRENT CURRENT_DATE
        CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER CURSOR DATE DEALLOCATE DEC DECIMAL DECLARE DEFAULT DEFERRABLE DEFERRED DELETE DESC
        DESCRIBE DESCRIPTOR DIAGNOSTICS DISCONNECT DISTINCT DOMAIN DOUBLE DROP ELSE END ESCAPE EXCEPT EXCEPTION EXEC EXECUTE EXISTS
        EXTERNAL EXTRACT FALSE FETCH FIRST FLOAT FOR FOREIGN FOUND FROM FULL GET GLOBAL GO GOTO GRANT GROUP HAVING IDENTITY IMMEDIATE
        IN INDICATOR INITIALLY INNER INPUT INSENSITIVE INSERT INT INTEGER INTERSECT INTERVAL INTO IS ISOLATION JOIN KEY LANGUAGE LAST
        LEFT LEVEL LIKE LIMIT LOCAL LOWER MATCH MAX MIN MISSING MODULE NAMES NATIONAL NATURAL NCHAR NEXT NO NOT NULL NULLIF NUMERIC
        OCTET_LENGTH OF OFFSET ON ONLY OPEN OPTION OR ORDER OUTER OUTPUT OVERLAPS PAD PARTIAL PIVOT POSITION PRECISION PREPARE PRESERVE
        PRIMARY PRIOR PRIVILEGES PROCEDURE PUBLIC READ REAL REFERENCES RELATIVE REMOVE RESTRICT RETURNING REVOKE RIGHT ROLLBACK ROWS
        SCHEMA SCROLL SECTION SELECT SESSION SESSION_USER SET SIZE SMALLINT SOME SPACE SQL SQLCODE SQLERROR SQLSTATE SUBSTRING SUM
        SYSTEM_USER TABLE TEMPORARY THEN TIME TIMESTAMP TO TRANSACTION TRANSLATE TRANSLATION TRIM TRUE TUPLE UNION UNIQUE UNKNOWN
        UNPIVOT UPDATE UPPER USAGE USER USING VALUE VALUES VARCHAR VARYING VIEW WHEN WHENEVER WHERE WITH WORK WRITE ZONE
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static List<StatementToken> Cut(string text)
    {
        var tokens = new List<StatementToken>();
        var i = 0;
        while (i < text.Length)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }

            var token = Next(text, i);
            tokens.Add(token);
            i += token.Length;
        }

        tokens.Add(new StatementToken(StatementTokenKind.End, "", text.Length, 0));
        return tokens;
    }

    private static StatementToken Next(string text, int start)
    {
        var character = text[start];
        if (char.IsAsciiLetter(character) || character is '_' or '$')
        {
            return Run(StatementTokenKind.Word, text, start, next => char.IsAsciiLetterOrDigit(next) || next is '_' or '$');
        }

        if (char.IsAsciiDigit(character) || (character == '.' && start + 1 < text.Length && char.IsAsciiDigit(text[start + 1])))
        {
            return Number(text, start);
        }

        return character switch
        {
            '\'' => Quoted(StatementTokenKind.Text, text, start),
            '"' => Quoted(StatementTokenKind.Quoted, text, start),
            '?' => new StatementToken(StatementTokenKind.Parameter, "?", start, 1),
            _ => Symbol(text, start),
        };
    }

    private static StatementToken Run(StatementTokenKind kind, string text, int start, Func<char, bool> belongs)
    {
        var end = start + 1;
        while (end < text.Length && belongs(text[end]))
        {
            end++;
        }

        return new StatementToken(kind, text[start..end], start, end - start);
    }

    private static StatementToken Number(string text, int start)
    {
        var end = start;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
        {
            end++;
        }

        var sign = end + 1 < text.Length && text[end + 1] is '+' or '-' ? 2 : 1;
        if (end + sign < text.Length && text[end] is 'e' or 'E' && char.IsAsciiDigit(text[end + sign]))
        {
            end += sign;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }
        }

        return new StatementToken(StatementTokenKind.Number, text[start..end], start, end - start);
    }

    /// <summary>A quotation mark inside is written twice.</summary>
    private static StatementToken Quoted(StatementTokenKind kind, string text, int start)
    {
        var mark = text[start];
        for (var end = start + 1; end < text.Length; end++)
        {
            if (text[end] != mark)
            {
                continue;
            }

            if (end + 1 < text.Length && text[end + 1] == mark)
            {
                end++;
                continue;
            }

            var content = text[(start + 1)..end].Replace(new string(mark, 2), mark.ToString(), StringComparison.Ordinal);
            return new StatementToken(kind, content, start, end + 1 - start);
        }

        throw StatementReader.Malformed("Invalid character");
    }

    private static StatementToken Symbol(string text, int start)
    {
        var two = start + 1 < text.Length ? text.AsSpan(start, 2) : default;
        if (two is "<<" or ">>" or "<=" or ">=" or "<>" or "!=")
        {
            return new StatementToken(StatementTokenKind.Symbol, two.ToString(), start, 2);
        }

        return "*,.()[]{}:=<>+-;".Contains(text[start], StringComparison.Ordinal)
            ? new StatementToken(StatementTokenKind.Symbol, text[start].ToString(), start, 1)
            : throw StatementReader.Malformed("Invalid character");
    }
}
