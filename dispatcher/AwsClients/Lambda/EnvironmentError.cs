namespace Amazon.Lambda.Model;

/// <summary>Part of GetFunctionConfiguration, UpdateFunctionConfiguration and GetFunction.</summary>
public sealed class EnvironmentError
{
    public string? ErrorCode { get; set; }

    public string? Message { get; set; }
}
