/// A model put together in code is held to what a file is held to.
enum ModelCheck {
    static func check(_ model: CaseModel) throws(CaseDesignError) {
        if model.parameters.isEmpty { throw CaseDesignError(.syntax, "the model has no parameters") }
        for parameter in model.parameters {
            if parameter.values.isEmpty { throw CaseDesignError(.syntax, "the parameter `\(parameter.name)` has no values") }
            if parameter.values.count > CaseGenerator.valuesMax {
                throw CaseDesignError(
                    .tooLarge,
                    "`\(parameter.name)` has \(parameter.values.count) values; \(CaseGenerator.valuesMax) are the most")
            }
        }
        for (index, seed) in model.seeds.enumerated() {
            guard seed.count == model.parameters.count else {
                throw CaseDesignError(
                    .seed, "seed \(index + 1) has \(seed.count) places, the model \(model.parameters.count) parameters")
            }
            for (parameter, value) in zip(model.parameters, seed) {
                if let value, !parameter.values.indices.contains(value) {
                    throw CaseDesignError(.seed, "seed \(index + 1): `\(parameter.name)` has no value number \(value)")
                }
            }
        }
    }
}
