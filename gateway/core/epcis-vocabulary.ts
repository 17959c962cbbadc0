/** The words of the Core Business Vocabulary 2.0, 7, and of GS1's web vocabulary that events may use. */

/**
 * A closed list of words; `iri` + word is its full name, `urn` + word the one it had before 2.0. `others`
 * are words of drafts before 2.0 and after it: documents may use them, and the event hash leaves them bare.
 */
export interface Vocabulary {
  readonly iri: string;
  readonly urn?: string;
  readonly words: ReadonlySet<string>;
  readonly others?: ReadonlySet<string>;
}

const CBV = "https://ref.gs1.org/cbv/";
const VOC = "https://ref.gs1.org/voc/";

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

export const BIZ_STEP: Vocabulary = {
  iri: `${CBV}BizStep-`,
  urn: "urn:epcglobal:cbv:bizstep:",
  words: words(`
    accepting arriving assembling collecting commissioning consigning creating_class_instance
    cycle_counting decommissioning departing destroying disassembling dispensing encoding
    entering_exiting holding inspecting installing killing loading other packing picking receiving
    removing repackaging repairing replacing reserving retail_selling sampling sensor_reporting
    shipping staging_outbound stock_taking stocking storing transporting unloading unpacking
    void_shipping`),
  others: words("notifying"),
};

export const DISPOSITION: Vocabulary = {
  iri: `${CBV}Disp-`,
  urn: "urn:epcglobal:cbv:disp:",
  words: words(`
    active available completeness_inferred completeness_verified conformant container_closed
    container_open damaged destroyed dispensed disposed encoded expired in_progress in_transit
    inactive mismatch_class mismatch_instance mismatch_quantity needs_replacement
    no_pedigree_match non_conformant non_sellable_other partially_dispensed recalled reserved
    retail_sold returned sellable_accessible sellable_not_accessible stolen unavailable unknown`),
  others: words("subject_to_regulation"),
};

export const TRANSACTION_TYPE: Vocabulary = {
  iri: `${CBV}BTT-`,
  urn: "urn:epcglobal:cbv:btt:",
  words: words("bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt"),
};

export const SOURCE_TYPE: Vocabulary = {
  iri: `${CBV}SDT-`,
  urn: "urn:epcglobal:cbv:sdt:",
  words: words("owning_party possessing_party location"),
};

export const ERROR_REASON: Vocabulary = {
  iri: `${CBV}ER-`,
  urn: "urn:epcglobal:cbv:er:",
  words: words("did_not_occur incorrect_data"),
};

export const COMPONENT: Vocabulary = {
  iri: `${CBV}Comp-`,
  words: words(`
    x y z axial_distance azimuth height spherical_radius polar_angle elevation_angle easting
    northing latitude longitude altitude`),
};

export const SENSOR_ALERT: Vocabulary = {
  iri: VOC,
  words: words("ALARM_CONDITION ERROR_CONDITION"),
};

export const MEASUREMENT: Vocabulary = {
  iri: VOC,
  words: words(`
    AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Altitude AmountOfSubstance
    AmountOfSubstancePerUnitVolume Angle AngularAcceleration AngularMomentum AngularVelocity Area
    Capacitance Conductance Conductivity Count Density Dimensionless DoseEquivalent
    DoseEquivalentRate DynamicViscosity ElectricCharge ElectricCurrent ElectricCurrentDensity
    ElectricFieldStrength Energy Exposure Force Frequency Illuminance Inductance Irradiance
    KinematicViscosity Length LinearMomentum Luminance LuminousFlux LuminousIntensity MagneticFlux
    MagneticFluxDensity MagneticVectorPotential Mass MassConcentration MassFlowRate
    MassPerAreaTime MemoryCapacity MolalityOfSolute MolarEnergy MolarMass MolarVolume Power
    Pressure RadiantFlux RadiantIntensity Radioactivity RelativeHumidity Resistance Resistivity
    SolidAngle SpecificVolume Speed SurfaceDensity SurfaceTension Temperature Time Torque Voltage
    Volume VolumeFlowRate VolumeFraction VolumetricFlux Wavenumber`),
  others: words("Activity EffectiveDose EffectiveDoseRate Molar_concentration"),
};
