namespace Disa.Emulator.CloudWatch.MetricMath;

/// <summary>One part of an expression, as it was read.</summary>
internal abstract record MathNode
{
    /// <summary>This part and those below it.</summary>
    public IEnumerable<MathNode> All() => new[] { this }.Concat(Below.SelectMany(node => node.All()));

    protected virtual IEnumerable<MathNode> Below => [];
}

internal sealed record Number(double Value) : MathNode;

internal sealed record Text(string Value) : MathNode;

/// <summary>Another query of the same request by its id.</summary>
internal sealed record Reference(string Id) : MathNode;

internal sealed record Negation(MathNode Operand) : MathNode
{
    protected override IEnumerable<MathNode> Below => [Operand];
}

internal sealed record Binary(string Operator, MathNode Left, MathNode Right) : MathNode
{
    protected override IEnumerable<MathNode> Below => [Left, Right];
}

/// <summary>A function by its name in capitals; a word without parentheses, such as REPEAT, is one without arguments.</summary>
internal sealed record Call(string Function, IReadOnlyList<MathNode> Arguments, bool IsWord = false) : MathNode
{
    protected override IEnumerable<MathNode> Below => Arguments;
}

internal sealed record ArrayOf(IReadOnlyList<MathNode> Members) : MathNode
{
    protected override IEnumerable<MathNode> Below => Members;
}
