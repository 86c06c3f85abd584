using System.Runtime.CompilerServices;

namespace Disa.Jsonata;

/// <summary>What is left of an evaluation's limits. One that is used up ends the evaluation with U1001.</summary>
internal sealed class Budget(EvaluationOptions options)
{
    /// <summary>What a number, or the place of any member, counts for.</summary>
    private const int BytesOfMember = 8;

    public bool HasStepFunctions => options.HasStepFunctions;

    private long _steps = options.MaxSteps;
    private int _depth;

    /// <summary>Takes steps: one an evaluated node, one a member that is made or looked at.</summary>
    public void Take(long steps)
    {
        _steps -= steps;
        if (_steps < 0)
        {
            throw TooLong();
        }
    }

    public void Enter()
    {
        Take(1);
        if (++_depth > options.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw TooDeep();
        }
    }

    public void Exit() => _depth--;

    /// <summary>For recursion over data rather than over the expression.</summary>
    public void CheckNesting(int depth)
    {
        if (depth > options.MaxNesting || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw TooDeep();
        }
    }

    /// <summary>For a text that is made.</summary>
    public void CheckText(long length)
    {
        CheckLength(length);
        Take(length / 64);
    }

    /// <summary>For a text that grows.</summary>
    public void CheckLength(long length)
    {
        if (length > options.MaxValueBytes)
        {
            throw TooMuchMemory();
        }
    }

    /// <summary>For an array that is made.</summary>
    public void CheckArray(long count)
    {
        if (count * BytesOfMember > options.MaxValueBytes)
        {
            throw TooMuchMemory();
        }

        Take(count);
    }

    public static JsonataException TooMuchMemory() =>
        new("U1001") { Text = "Expression evaluation memory limit exceeded: Check for excessive memory usage" };

    public static JsonataException TooLong() => new("U1001") { Text = "Expression evaluation timeout: Check for infinite loop" };

    private static JsonataException TooDeep() =>
        new("U1001") { Text = "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive" };
}
