"""The departments of the demo hospital: code, names, campus, building and floor, and what its doctors are good at."""

# ruff: noqa: E501 (a table is read by its rows)

from __future__ import annotations

from dataclasses import dataclass

from services.appointments.domain import Audience, Names, Sex

CAMPUSES = {
    "MAIN": Names("本部", "Main Campus"),
    "THIRD": Names("三院院区", "Third Hospital Campus"),
    "LAKE": Names("东湖院区", "East Lake Campus"),
    "NEW": Names("新城院区", "New Town Campus"),
}

AUDIENCES = {
    "PEDI": Audience(max_age=14),
    "PEDS": Audience(max_age=14),
    "NEON": Audience(max_age=0),
    "CHHC": Audience(max_age=14),
    "PEDI3": Audience(max_age=14),
    "GERI": Audience(min_age=60),
    "GYNE": Audience(sex=Sex.FEMALE),
    "OBST": Audience(sex=Sex.FEMALE),
    "GYNE3": Audience(sex=Sex.FEMALE),
    "ANDR": Audience(sex=Sex.MALE),
}

WITH_EVENING = frozenset({"PEDI", "DERM", "STOM", "GENP"})
OPEN_AT_WEEKENDS = frozenset(
    {"CARD", "RESP", "GI", "NEUR", "ENDO", "DERM", "TRAU", "GYNE", "OBST", "PEDI", "OPHT", "ENT", "STOM", "GENP", "TCM"}
)

_TABLE = """
CARD|心血管内科|Cardiology|MAIN|1-3|冠心病=Coronary heart disease;心律失常=Arrhythmia;心力衰竭=Heart failure;高血压=Hypertension
RESP|呼吸与危重症医学科|Respiratory Medicine|MAIN|1-4|慢阻肺=COPD;哮喘=Asthma;肺部感染=Lung infections;肺结节=Lung nodules
GI|消化内科|Gastroenterology|MAIN|1-4|胃炎与溃疡=Gastritis and ulcers;肠道疾病=Bowel disease;肝病=Liver disease
NEUR|神经内科|Neurology|MAIN|1-5|脑卒中=Stroke;头痛与眩晕=Headache and dizziness;帕金森病=Parkinson's disease;癫痫=Epilepsy
ENDO|内分泌科|Endocrinology|MAIN|1-5|糖尿病=Diabetes;甲状腺疾病=Thyroid disease;骨质疏松=Osteoporosis
NEPH|肾内科|Nephrology|MAIN|1-6|肾炎=Nephritis;慢性肾病=Chronic kidney disease;透析=Dialysis
HEMA|血液内科|Haematology|MAIN|1-6|贫血=Anaemia;白血病=Leukaemia;淋巴瘤=Lymphoma
RHEU|风湿免疫科|Rheumatology|MAIN|1-6|类风湿关节炎=Rheumatoid arthritis;痛风=Gout;红斑狼疮=Lupus
GERI|老年医学科|Geriatrics|MAIN|2-2|老年综合评估=Geriatric assessment;多病共存=Multiple conditions;记忆减退=Memory loss
INFE|感染性疾病科|Infectious Diseases|MAIN|7-1|病毒性肝炎=Viral hepatitis;不明原因发热=Fever of unknown origin
GENP|全科医学科|General Practice|MAIN|1-2|常见病=Common illnesses;慢病管理=Long-term conditions;健康咨询=Health advice
ONCO|肿瘤内科|Medical Oncology|MAIN|3-2|肺癌=Lung cancer;胃肠肿瘤=Digestive tumours;乳腺肿瘤=Breast tumours
RADT|放疗科|Radiotherapy|MAIN|3-1|头颈部肿瘤=Head and neck tumours;胸部肿瘤=Chest tumours
PSYC|心理科|Psychology and Psychiatry|MAIN|2-5|焦虑与抑郁=Anxiety and depression;睡眠障碍=Sleep disorders;青少年心理=Young people
PAIN|疼痛科|Pain Clinic|MAIN|2-4|颈肩腰腿痛=Neck, back and leg pain;神经痛=Nerve pain
REHA|康复医学科|Rehabilitation|MAIN|2-1|卒中康复=After a stroke;骨科康复=After bone surgery
TCM|中医科|Traditional Chinese Medicine|MAIN|2-3|脾胃调理=Digestion;失眠=Sleeplessness;针灸=Acupuncture
DERM|皮肤科|Dermatology|MAIN|2-3|湿疹=Eczema;银屑病=Psoriasis;痤疮=Acne
GIS|胃肠外科|Gastrointestinal Surgery|MAIN|1-7|胃癌=Stomach cancer;结直肠癌=Bowel cancer;疝=Hernia
HPB|肝胆胰外科|Hepatobiliary Surgery|MAIN|1-7|胆石症=Gallstones;肝肿瘤=Liver tumours;胰腺疾病=Pancreatic disease
THBR|甲状腺乳腺外科|Thyroid and Breast Surgery|MAIN|1-7|甲状腺结节=Thyroid nodules;乳腺结节=Breast lumps
VASC|血管外科|Vascular Surgery|MAIN|1-8|静脉曲张=Varicose veins;动脉瘤=Aneurysm
CSUR|心脏外科|Cardiac Surgery|MAIN|1-8|瓣膜病=Heart valve disease;搭桥手术=Bypass surgery
THOR|胸外科|Thoracic Surgery|MAIN|1-8|肺结节手术=Lung nodule surgery;食管疾病=Oesophageal disease
NSUR|神经外科|Neurosurgery|MAIN|1-9|脑肿瘤=Brain tumours;脑血管病=Brain vessels;脊髓疾病=Spinal cord
UROL|泌尿外科|Urology|MAIN|1-9|泌尿系结石=Urinary stones;前列腺疾病=Prostate disease
ANDR|男科|Andrology|MAIN|1-9|男性不育=Male infertility;男性健康=Men's health
JOIN|关节外科|Joint Surgery|MAIN|1-10|髋膝关节置换=Hip and knee replacement;运动损伤=Sports injuries
SPIN|脊柱外科|Spine Surgery|MAIN|1-10|腰椎间盘突出=Slipped disc;颈椎病=Neck vertebrae
TRAU|创伤骨科|Trauma Surgery|MAIN|1-10|骨折=Fractures;骨不连=Fractures that do not heal
HAND|手足显微外科|Hand and Foot Microsurgery|MAIN|1-10|手外伤=Hand injuries;足踝疾病=Foot and ankle
PLAS|整形烧伤科|Plastic Surgery and Burns|MAIN|1-11|瘢痕=Scars;烧伤=Burns
PROC|肛肠科|Proctology|MAIN|1-11|痔=Haemorrhoids;肛瘘=Anal fistula
INTV|介入科|Interventional Radiology|MAIN|1-11|血管介入=Vessel interventions;肿瘤介入=Tumour interventions
ANES|麻醉门诊|Anaesthesia Clinic|MAIN|1-11|术前评估=Before an operation;无痛诊疗=Painless procedures
GYNE|妇科|Gynaecology|MAIN|4-2|子宫肌瘤=Fibroids;妇科炎症=Infections;月经异常=Period problems
OBST|产科|Obstetrics|MAIN|4-3|产前检查=Antenatal care;高危妊娠=High-risk pregnancy
REPR|生殖医学科|Reproductive Medicine|MAIN|4-4|不孕不育=Infertility;试管婴儿=IVF
PEDI|儿科|Paediatrics|MAIN|5-1|儿童呼吸=Breathing;儿童消化=Digestion;生长发育=Growth
PEDS|小儿外科|Paediatric Surgery|MAIN|5-2|疝气=Hernia;先天畸形=Birth defects
NEON|新生儿科|Neonatology|MAIN|5-2|黄疸=Jaundice;早产儿随访=Babies born early
CHHC|儿童保健科|Child Health|MAIN|5-3|发育评估=Development checks;营养喂养=Feeding
OPHT|眼科|Ophthalmology|MAIN|6-2|白内障=Cataract;近视=Short sight;眼底病=Retina
ENT|耳鼻咽喉头颈外科|Ear, Nose and Throat|MAIN|6-3|鼻炎=Rhinitis;中耳炎=Ear infections;嗓音=Voice
STOM|口腔科|Dentistry|MAIN|6-4|牙体牙髓=Fillings and roots;种植=Implants;正畸=Braces
GAMM|伽马刀中心|Gamma Knife Centre|MAIN|3-1|颅内肿瘤=Tumours in the head;三叉神经痛=Facial nerve pain
DISC|椎间盘中心|Spinal Disc Centre|MAIN|2-4|微创治疗=Minimally invasive treatment;保守治疗=Treatment without surgery
FAMO|名医会诊中心|Renowned Experts' Centre|MAIN|8-1|疑难病例=Difficult cases
TCMH|国医堂|Hall of Chinese Medicine|MAIN|8-2|内科杂病=Internal illnesses;妇科调理=Women's health
NUTR|临床营养科|Clinical Nutrition|MAIN|2-1|体重管理=Weight;糖尿病饮食=Eating with diabetes
PHAR|药学门诊|Pharmacist Clinic|MAIN|1-1|用药咨询=Advice on medicines;抗凝管理=Anticoagulants
NURS|护理门诊|Nurse Clinic|MAIN|1-1|伤口造口=Wounds and stomas;导管维护=Catheter care
CARD3|心内科（三院）|Cardiology (Third Hospital)|THIRD|1-2|高血压=Hypertension;冠心病=Coronary heart disease
NEUR3|神经内科（三院）|Neurology (Third Hospital)|THIRD|1-3|脑卒中=Stroke;头晕=Dizziness
ORTH3|骨科（三院）|Orthopaedics (Third Hospital)|THIRD|1-4|骨折=Fractures;关节痛=Painful joints
GYNE3|妇科（三院）|Gynaecology (Third Hospital)|THIRD|2-2|妇科常见病=Common illnesses
PEDI3|儿科（三院）|Paediatrics (Third Hospital)|THIRD|2-1|儿童常见病=Common illnesses
GENPL|全科门诊（东湖）|General Practice (East Lake)|LAKE|1-1|常见病=Common illnesses;慢病复诊=Repeat visits
TCML|中医门诊（东湖）|Chinese Medicine (East Lake)|LAKE|1-2|针灸推拿=Acupuncture and massage
GENPN|全科门诊（新城）|General Practice (New Town)|NEW|1-1|常见病=Common illnesses;慢病复诊=Repeat visits
STOMN|口腔门诊（新城）|Dentistry (New Town)|NEW|1-2|洁牙=Cleaning;补牙=Fillings
"""

SMALL = frozenset({"GAMM", "DISC", "NUTR", "PHAR", "NURS", "ANES", "GENPL", "TCML", "GENPN", "STOMN", "PEDI3", "GYNE3"})
"""Departments with two or three doctors in the demo."""


@dataclass(frozen=True)
class DemoDepartment:
    """One line of the table."""

    code: str
    name: Names
    campus: str
    location: Names
    specialities: tuple[Names, ...]

    @property
    def audience(self) -> Audience:
        """Whom it sees."""
        return AUDIENCES.get(self.code, Audience())


def demo_departments() -> list[DemoDepartment]:
    """All departments, in the order of the table."""
    return [_department(line) for line in _TABLE.strip().splitlines()]


def _department(line: str) -> DemoDepartment:
    code, zh, en, campus, place, specialities = line.split("|")
    building, floor = place.split("-")
    return DemoDepartment(
        code,
        Names(zh, en),
        campus,
        Names(f"{building}号楼{floor}层", f"Building {building}, floor {floor}"),
        tuple(Names(*each.split("=")) for each in specialities.split(";")),
    )
