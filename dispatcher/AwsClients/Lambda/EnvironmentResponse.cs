namespace Amazon.Lambda.Model;

/// <summary>Part of GetFunctionConfiguration, UpdateFunctionConfiguration and GetFunction.</summary>
public sealed class EnvironmentResponse
{
    public Dictionary<string, string> Variables { get; set; } = [];

    public EnvironmentError? Error { get; set; }
}
