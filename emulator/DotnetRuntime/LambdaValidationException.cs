namespace Disa.DotnetRuntime;

/// <summary>The function is not of a form that can be run; callers see the type's simple name, which is AWS's.</summary>
public sealed class LambdaValidationException : Exception
{
    public LambdaValidationException() { }

    public LambdaValidationException(string message)
        : base(message) { }

    public LambdaValidationException(string message, Exception innerException)
        : base(message, innerException) { }
}
