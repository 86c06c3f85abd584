using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

/// <summary>The settings that CreateFunction and UpdateFunctionConfiguration have in common; what is null stays as it is.</summary>
internal abstract record FunctionSettings
{
    public string? FunctionName { get; init; }

    public string? Runtime { get; init; }

    public string? Role { get; init; }

    public string? Handler { get; init; }

    public string? Description { get; init; }

    public int? Timeout { get; init; }

    public int? MemorySize { get; init; }

    public EnvironmentVariables? Environment { get; init; }

    public TracingConfig? TracingConfig { get; init; }

    public DeadLetterConfig? DeadLetterConfig { get; init; }

    public EphemeralStorage? EphemeralStorage { get; init; }

    public LoggingConfig? LoggingConfig { get; init; }

    public SnapStart? SnapStart { get; init; }

    public VpcConfig? VpcConfig { get; init; }

    public IReadOnlyList<string>? Layers { get; init; }

    /// <summary>The version with these settings, checked.</summary>
    /// <param name="version">As it is.</param>
    /// <param name="layers">Where its layers are looked up.</param>
    /// <param name="scope">The function's.</param>
    public FunctionVersion ApplyTo(FunctionVersion version, LayerStore layers, Scope scope)
    {
        Refuse();
        var changed = version with
        {
            Runtime = Runtime ?? version.Runtime,
            Role = Role ?? version.Role,
            Handler = Handler ?? version.Handler,
            Description = Description ?? version.Description,
            Timeout = Timeout ?? version.Timeout,
            MemorySize = MemorySize ?? version.MemorySize,
            Environment = Environment is null ? version.Environment : Environment.Variables ?? new Dictionary<string, string>(),
            TracingMode = TracingConfig?.Mode ?? version.TracingMode,
            DeadLetterTarget =
                DeadLetterConfig is null ? version.DeadLetterTarget
                : DeadLetterConfig.TargetArn is { Length: > 0 } target ? target
                : null,
            EphemeralStorage = EphemeralStorage?.Size ?? version.EphemeralStorage,
            LogGroup = LoggingConfig is null ? version.LogGroup : LoggingConfig.LogGroup,
            Layers = Layers is null ? version.Layers : FunctionLayers.Of(Layers, layers, scope),
        };
        changed = FunctionLogging.Apply(LoggingConfig, changed);
        FunctionLimits.Check(changed);
        return changed;
    }

    private void Refuse()
    {
        if (VpcConfig is { SubnetIds.Count: > 0 } or { SecurityGroupIds.Count: > 0 })
        {
            throw AwsException.NotImplemented("functions in a VPC (VpcConfig)");
        }

        if (SnapStart is { ApplyOn: not ("None" or "PublishedVersions") })
        {
            throw LambdaErrors.Constraint(
                SnapStart.ApplyOn,
                "snapStart.applyOn",
                "Member must satisfy enum value set: [PublishedVersions, None]"
            );
        }

        if (SnapStart is { ApplyOn: not "None" })
        {
            if (Runtime is not null && FunctionLimits.IsWithoutSnapStart(Runtime))
            {
                throw LambdaErrors.Invalid($"{Runtime} is not supported for SnapStart enabled functions.");
            }

            throw AwsException.NotImplemented("SnapStart");
        }
    }
}
