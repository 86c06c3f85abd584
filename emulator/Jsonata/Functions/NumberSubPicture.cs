namespace Disa.Jsonata.Functions;

/// <summary>A picture of numbers of one sign, taken apart.</summary>
internal sealed class NumberSubPicture
{
    private readonly NumberSymbols _symbols;
    private readonly string _active;
    private readonly string _mantissa;
    private readonly string _integer;
    private readonly string _fractional;
    private readonly string? _exponent;

    private NumberSubPicture(string source, NumberSymbols symbols)
    {
        Source = source;
        _symbols = symbols;
        var first = source.TakeWhile(symbol => !IsEdge(symbol)).Count();
        var last = source.Length - source.Reverse().TakeWhile(symbol => !IsEdge(symbol)).Count();
        Prefix = first == source.Length ? "" : source[..first];
        Suffix = first == source.Length ? "" : source[last..];
        _active = first == source.Length ? source : source[first..last];
        var exponent = _active.IndexOf(symbols.ExponentSeparator, StringComparison.Ordinal);
        _mantissa = exponent < 0 ? _active : _active[..exponent];
        _exponent = exponent < 0 ? null : _active[(exponent + symbols.ExponentSeparator.Length)..];
        var point = _mantissa.IndexOf(symbols.DecimalSeparator, StringComparison.Ordinal);
        _integer = point < 0 ? _mantissa : _mantissa[..point];
        _fractional = point < 0 ? "" : _mantissa[(point + symbols.DecimalSeparator.Length)..];
        Measure();
    }

    public string Source { get; }

    public string Prefix { get; }

    public string Suffix { get; }

    public int MinimumIntegerSize { get; private set; }

    public int ScalingFactor { get; private set; }

    public int MinimumFractionalSize { get; private set; }

    public int MaximumFractionalSize { get; private set; }

    public int MinimumExponentSize { get; private set; }

    /// <summary>Digits between separators where they are all the same; 0 where they are not.</summary>
    public int RegularGrouping { get; private set; }

    /// <summary>Digits to the right of each separator.</summary>
    public IReadOnlyList<int> IntegerGroups { get; private set; } = [];

    /// <summary>Digits to the left of each separator.</summary>
    public IReadOnlyList<int> FractionalGroups { get; private set; } = [];

    public static NumberSubPicture Parse(string source, NumberSymbols symbols) => new(source, symbols);

    /// <summary>What the specification forbids, last things first.</summary>
    public void Check()
    {
        var hasPercent = Source.Contains(_symbols.Percent, StringComparison.Ordinal);
        var hasPerMille = Source.Contains(_symbols.PerMille, StringComparison.Ordinal);
        var point = Source.IndexOf(_symbols.DecimalSeparator, StringComparison.Ordinal);
        var code =
            _exponent is not null && (_exponent.Length == 0 || !_exponent.All(_symbols.IsDecimalDigit)) && !hasPercent && !hasPerMille
                ? "D3093"
            : _exponent is { Length: > 0 } && (hasPercent || hasPerMille) ? "D3092"
            : HasAfter(_fractional, IsDigitSign, _symbols.IsDecimalDigit) ? "D3091"
            : HasAfter(_integer, _symbols.IsDecimalDigit, IsDigitSign) ? "D3090"
            : Source.Contains(_symbols.GroupingSeparator + _symbols.GroupingSeparator, StringComparison.Ordinal) ? "D3089"
            : point < 0 && _integer.EndsWith(_symbols.GroupingSeparator, StringComparison.Ordinal) ? "D3088"
            : point >= 0 && (IsGrouping(point - 1) || IsGrouping(point + _symbols.DecimalSeparator.Length)) ? "D3087"
            : !_active.All(_symbols.IsActive) ? "D3086"
            : !_mantissa.Any(symbol => _symbols.IsDecimalDigit(symbol) || IsDigitSign(symbol)) ? "D3085"
            : hasPercent && hasPerMille ? "D3084"
            : IsRepeated(_symbols.PerMille) ? "D3083"
            : IsRepeated(_symbols.Percent) ? "D3082"
            : IsRepeated(_symbols.DecimalSeparator) ? "D3081"
            : null;
        if (code is not null)
        {
            throw new JsonataException(code);
        }
    }

    private bool IsEdge(char symbol) => _symbols.IsActive(symbol) && symbol.ToString() != _symbols.ExponentSeparator;

    private bool IsDigitSign(char symbol) => symbol.ToString() == _symbols.Digit;

    private bool IsRepeated(string symbol) =>
        Source.IndexOf(symbol, StringComparison.Ordinal) != Source.LastIndexOf(symbol, StringComparison.Ordinal);

    private bool IsGrouping(int at) =>
        at >= 0 && string.CompareOrdinal(Source, at, _symbols.GroupingSeparator, 0, _symbols.GroupingSeparator.Length) == 0;

    /// <summary>Whether one of the second kind comes after one of the first.</summary>
    private static bool HasAfter(string part, Func<char, bool> first, Func<char, bool> second) =>
        part.SkipWhile(symbol => !first(symbol)).Any(second);

    private void Measure()
    {
        var hasExponent = _exponent is not null;
        MinimumIntegerSize = ScalingFactor = _integer.Count(_symbols.IsDecimalDigit);
        MinimumFractionalSize = _fractional.Count(_symbols.IsDecimalDigit);
        MaximumFractionalSize = MinimumFractionalSize + _fractional.Count(IsDigitSign);
        MinimumExponentSize = _exponent?.Count(_symbols.IsDecimalDigit) ?? 0;
        if (MinimumIntegerSize == 0 && MaximumFractionalSize == 0)
        {
            (MinimumIntegerSize, MinimumFractionalSize, MaximumFractionalSize) = hasExponent ? (0, 1, 1) : (1, 0, 0);
        }

        if (hasExponent && MinimumIntegerSize == 0 && _integer.Any(IsDigitSign))
        {
            MinimumIntegerSize = 1;
        }

        if (MinimumIntegerSize == 0 && MinimumFractionalSize == 0)
        {
            MinimumFractionalSize = 1;
        }

        IntegerGroups = Groups(_integer, toLeft: false);
        FractionalGroups = Groups(_fractional, toLeft: true);
        RegularGrouping = Regular(IntegerGroups);
    }

    private List<int> Groups(string part, bool toLeft)
    {
        var positions = new List<int>();
        for (
            var at = part.IndexOf(_symbols.GroupingSeparator, StringComparison.Ordinal);
            at >= 0;
            at = part.IndexOf(_symbols.GroupingSeparator, at + 1, StringComparison.Ordinal)
        )
        {
            var digits = toLeft ? part[..at] : part[at..];
            positions.Add(digits.Count(symbol => _symbols.IsDecimalDigit(symbol) || IsDigitSign(symbol)));
        }

        return positions;
    }

    /// <summary>The distance between separators that stand in every place where one can; otherwise 0.</summary>
    internal static int Regular(IReadOnlyList<int> positions)
    {
        if (positions.Count == 0)
        {
            return 0;
        }

        var factor = positions.Aggregate(Divisor);
        return factor > 0 && Enumerable.Range(1, positions.Count).All(i => positions.Contains(i * factor)) ? factor : 0;
    }

    private static int Divisor(int a, int b) => b == 0 ? a : Divisor(b, a % b);
}
